import { shallowRef } from 'vue'

export interface Position {
  lon: number
  lat: number
}
/** Where this device said that it is. It stays in this tab's memory: nothing keeps it, and the office is
 *  asked with some ten metres of it, once, for the grid. Distances are counted here. */
export const position = shallowRef<Position>()

export const canLocate = (): boolean => 'geolocation' in navigator && window.isSecureContext

export function locate(): Promise<Position> {
  return new Promise((found, failed) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        position.value = { lon: coords.longitude, lat: coords.latitude }
        found(position.value)
      },
      failed,
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    )
  })
}

/** Whole metres as the crow flies, on the mean sphere; the server counts the same way. */
export function metresBetween(a: Position, b: Position): number {
  const radius = 6_371_008.8
  const rad = (degrees: number) => (degrees * Math.PI) / 180
  const half = Math.sin(rad(b.lat - a.lat) / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2
  return Math.round(2 * radius * Math.asin(Math.min(1, Math.sqrt(half))))
}
