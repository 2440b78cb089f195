import { shallowRef } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

/** The list a matter was opened from, so that the matter page can go to its neighbours and back to
 *  exactly where the person was. */
export interface Trail {
  ids: string[]
  back: RouteLocationRaw
  label: string
  /** The row that was opened: it has the focus again when the person comes back. */
  opened: string
}
export const trail = shallowRef<Trail>()
