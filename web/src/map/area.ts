import GeoJSON from 'ol/format/GeoJSON'
import { getArea } from 'ol/sphere'

/** Of a boundary in longitude and latitude, in whole square metres of the earth's surface. */
export function areaOf(geometry: object): number {
  const shape = new GeoJSON().readGeometry(geometry)
  return shape ? Math.round(getArea(shape, { projection: 'EPSG:4326' })) : 0
}
