import type { MatterRow } from '@/api/types'

export type Count = Record<MatterRow['lamp'] | 'open', number>
const none = (): Count => ({ red: 0, yellow: 0, violet: 0, green: 0, grey: 0, open: 0 })

/** Counts by lamp, of all rows and of those below each code. */
export function countLamps(rows: readonly MatterRow[], codes: readonly string[]): { all: Count; below: Map<string, Count> } {
  const all = none()
  const below = new Map(codes.map((code) => [code, none()]))
  for (const { lamp, territory } of rows) {
    const code = territory && codes.find((one) => territory.code.startsWith(one))
    for (const count of [all, ...(code ? [below.get(code)!] : [])]) {
      count[lamp] += 1
      count.open += 1
    }
  }
  return { all, below }
}
