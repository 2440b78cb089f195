import type { MatterRow } from '@/api/types'

const earthMetres = 6_371_000
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Metres between two points, on a round earth: near enough to order a walk. */
export function metresBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const [lon, lat] = [radians(b[0] - a[0]), radians(b[1] - a[1])]
  const h = Math.sin(lat / 2) ** 2 + Math.cos(radians(a[1])) * Math.cos(radians(b[1])) * Math.sin(lon / 2) ** 2
  return 2 * earthMetres * Math.asin(Math.sqrt(h))
}

const ranks: Record<MatterRow['lamp'], number> = { red: 0, violet: 1, yellow: 1, green: 2, grey: 3 }

export interface Stop {
  row: MatterRow
  metres: number | undefined
}
/** By lamp, then by distance where it is known, then by what is due first. */
export function orderOf(rows: readonly MatterRow[], here: readonly [number, number] | undefined, centres: ReadonlyMap<string, readonly [number, number]>): Stop[] {
  const stops = rows.map((row) => {
    const at = row.territory ? centres.get(row.territory.code) : undefined
    return { row, metres: here && at ? metresBetween(here, at) : undefined }
  })
  const due = ({ row }: Stop) => (row.next_due ? Date.parse(row.next_due) : Number.MAX_SAFE_INTEGER)
  return stops.sort((a, b) => ranks[a.row.lamp] - ranks[b.row.lamp] || (a.metres ?? Infinity) - (b.metres ?? Infinity) || due(a) - due(b) || 0)
}
