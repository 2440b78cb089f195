import { describe, expect, it } from 'vitest'
import { groundsOf, outlineOf, stepOf } from '@/places/resident/open_ground'

const square = (x: number) => [[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]
const grid = (id: string, x: number) => ({ id, label: id, open: undefined, geometry: { type: 'Polygon', coordinates: [square(x)] } })

describe('grounds of the public map', () => {
  it('leaves out the edge between two grids of one ground', () => {
    const edges = outlineOf([square(0), square(1)])
    expect(edges).toHaveLength(6)
    expect(edges.some(([a, b]) => a[0] === 1 && b[0] === 1)).toBe(false)
  })
  it('joins grids by the code of the place they lie in, and takes none that is too short', () => {
    const grounds = groundsOf([grid('222401001001001', 0), grid('222401001001002', 1), grid('222401001002001', 2), grid('222401001', 5)], 12)
    expect(grounds.map(({ code }) => code)).toEqual(['222401001001', '222401001002'])
    expect((grounds[0]!.geometry as { coordinates: unknown[] }).coordinates).toHaveLength(2)
  })
  it('shades from five on', () => {
    expect([5, 9, 10, 19, 20, 900].map(stepOf)).toEqual([1, 1, 2, 2, 3, 3])
  })
})
