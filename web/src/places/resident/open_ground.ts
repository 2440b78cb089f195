import type { GridShape } from '@/define/directory'

/** Digits of a code, by level. */
export const digitsOf = { county: 6, subdistrict: 9, community: 12, grid: 15 } as const

type Ring = number[][]
type Edge = [number[], number[]]

/** The edges that only one part has: those between two parts of one ground lie inside it. */
export function outlineOf(rings: readonly Ring[]): Edge[] {
  const edges = new Map<string, Edge | undefined>()
  for (const ring of rings) {
    for (let at = 1; at < ring.length; at += 1) {
      const [a, b] = [ring[at - 1]!, ring[at]!]
      const key = [a.join(), b.join()].sort().join(' ')
      edges.set(key, edges.has(key) ? undefined : [a, b])
    }
  }
  return [...edges.values()].filter((edge): edge is Edge => edge !== undefined)
}

export interface Ground {
  code: string
  geometry: object
  outline: object
}
/** Grids joined to the ground of each place whose code has so many digits. */
export function groundsOf(grids: readonly GridShape[], digits: number): Ground[] {
  const parts = new Map<string, Ring[][]>()
  for (const { id, geometry } of grids) {
    const { coordinates } = geometry as { coordinates?: Ring[] }
    if (id.length < digits || !coordinates?.length) continue
    const code = id.slice(0, digits)
    parts.set(code, [...(parts.get(code) ?? []), coordinates])
  }
  return [...parts].map(([code, polygons]) => ({
    code,
    geometry: { type: 'MultiPolygon', coordinates: polygons },
    outline: { type: 'MultiLineString', coordinates: outlineOf(polygons.flat()) },
  }))
}

/** Told counts begin at five, and the palest step of the hue is for nothing: three are left. */
export const steps = [5, 10, 20] as const
export const stepOf = (count: number): number => steps.filter((least) => count >= least).length
