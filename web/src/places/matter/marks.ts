import { computed, ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import type { MatterRow } from '@/api/types'

/** Open matters as marks of a map: one is opened, several in one place are listed beside it. */
export function useMarks(rows: () => readonly MatterRow[]) {
  const router = useRouter()
  const here = ref<readonly string[]>([])
  const marks = computed(() =>
    rows().flatMap(({ id, lamp, point, final }) => (point && !final ? [{ id, lamp, lon: point[0]!, lat: point[1]! }] : [])),
  )
  const ofHere = computed(() => rows().filter(({ id }) => here.value.includes(id)))
  function open(ids: readonly string[]) {
    if (ids.length === 1) void router.push(`/matters/${ids[0]}`)
    else here.value = ids
  }
  // Nothing that has gone is still listed.
  watch(ofHere, (left) => {
    if (here.value.length && !left.length) here.value = []
  })
  return { marks, here, ofHere, open }
}
