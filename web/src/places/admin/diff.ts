/** A line of a text that became another: kept, taken away or added. */
export interface DiffLine {
  how: 'same' | 'gone' | 'new'
  text: string
  origin: string
}
interface Said {
  text: string
  origin: string
}
/** Lines of common around a change. */
const around = 3

/** What became of the lines, by their longest common subsequence; long stretches of what stayed are
 *  left out. An origin is no part of a line. */
export function diffOf(before: readonly string[], after: readonly Said[]): DiffLine[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]!.text) head += 1
  let tail = 0
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]!.text) tail += 1
  const old = before.slice(head, before.length - tail)
  const fresh = after.slice(head, after.length - tail)
  const width = fresh.length + 1
  const common = new Uint16Array((old.length + 1) * width)
  for (let a = old.length - 1; a >= 0; a -= 1)
    for (let b = fresh.length - 1; b >= 0; b -= 1)
      common[a * width + b] = old[a] === fresh[b]!.text ? common[(a + 1) * width + b + 1]! + 1 : Math.max(common[(a + 1) * width + b]!, common[a * width + b + 1]!)
  const lines: DiffLine[] = after.slice(0, head).map((line) => ({ how: 'same', ...line }))
  let a = 0
  let b = 0
  while (a < old.length || b < fresh.length) {
    if (a < old.length && b < fresh.length && old[a] === fresh[b]!.text) {
      lines.push({ how: 'same', ...fresh[b]! })
      a += 1
      b += 1
    } else if (a < old.length && (b === fresh.length || common[(a + 1) * width + b]! >= common[a * width + b + 1]!)) {
      lines.push({ how: 'gone', text: old[a]!, origin: '' })
      a += 1
    } else {
      lines.push({ how: 'new', ...fresh[b]! })
      b += 1
    }
  }
  lines.push(...after.slice(after.length - tail).map((line): DiffLine => ({ how: 'same', ...line })))
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - around), at + around + 1).some(({ how }) => how !== 'same'))
  return lines.filter((_, at) => near[at])
}
