import { shallowRef } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

/** The list a matter was opened from, so that the matter page can go to its neighbours and back to
 *  exactly where the person was. */
export interface Trail {
  ids: string[]
  back: RouteLocationRaw
  label: string
}
export const trail = shallowRef<Trail>()
