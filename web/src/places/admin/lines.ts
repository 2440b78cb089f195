/** A line of an effective text. `isLaid`: it comes from another file than the type itself, that is,
 *  an overlay laid it on. */
export interface EffectiveLine {
  text: string
  origin: string
  isLaid: boolean
}

/** The origin stands behind its line as `  # FILE:LINE`. A line without one belongs to the line above. */
export function linesOf(yaml: string): EffectiveLine[] {
  const lines = yaml.replace(/\n$/, '').split('\n').map((line) => {
    const found = /^(.*?) {2}# (\S+\.yaml:\d+)$/.exec(line)
    return { text: found?.[1] ?? line, origin: found?.[2] ?? '' }
  })
  const fileOf = (origin: string) => origin.slice(0, origin.lastIndexOf(':'))
  const own = fileOf(lines.find(({ origin }) => origin.startsWith('systems/'))?.origin ?? '')
  return lines.map((line) => ({ ...line, isLaid: Boolean(line.origin) && fileOf(line.origin) !== own }))
}
