import { computed } from 'vue'
import { useMe } from './me'

/** The ground of the acting post: its own unit, else that of its locality or of the office. */
export function useGround() {
  const me = useMe()
  return computed(() => {
    if (me.post?.unit.kind === 'territory') return me.post.unit.code
    const name = me.post?.locality ?? me.me?.locality
    return me.me?.localities.find((locality) => locality.name === name)?.territory ?? me.me?.localities[0]?.territory
  })
}
