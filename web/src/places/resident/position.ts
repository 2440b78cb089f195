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
