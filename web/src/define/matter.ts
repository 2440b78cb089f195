import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onBeforeUnmount, onMounted, type MaybeRefOrGetter, toValue } from 'vue'
import { api, ask } from '@/api/client'
import { onChange } from '@/api/live'
import type { Matter } from '@/api/types'
import { useMe } from '@/me/me'
import { askOrKept } from '@/offline/kept'
import { useMatterType } from './directory'

/** One matter with its timeline and definition, renewed when the server says it changed. */
export function useMatter(id: MaybeRefOrGetter<string | undefined>) {
  const me = useMe()
  const client = useQueryClient()
  const enabled = computed(() => Boolean(toValue(id)))
  const matterKey = computed(() => ['matter', toValue(id) ?? '', me.acting])
  const timelineKey = computed(() => ['timeline', toValue(id) ?? '', me.acting])
  const path = () => ({ params: { path: { id: toValue(id)! } } })
  const matter = useQuery({ queryKey: matterKey, queryFn: () => askOrKept(me.who?.id ?? '', `matter ${toValue(id)}`, () => ask(api.GET('/matters/{id}', path()))), enabled })
  const timeline = useQuery({
    queryKey: timelineKey,
    queryFn: async () => (await askOrKept(me.who?.id ?? '', `timeline ${toValue(id)}`, () => ask(api.GET('/matters/{id}/timeline', path())))).events,
    enabled,
  })
  const type = useMatterType(() => matter.data.value?.type)

  function renew() {
    void client.invalidateQueries({ queryKey: matterKey.value })
    void client.invalidateQueries({ queryKey: timelineKey.value })
  }
  /** After an action: its answer is the matter as it is now. */
  function take(now: Matter) {
    client.setQueryData(matterKey.value, now)
    void client.invalidateQueries({ queryKey: timelineKey.value })
  }
  let off = () => {}
  onMounted(() => {
    off = onChange(({ matter: changed }) => {
      const shown = matter.data.value
      if (changed === toValue(id) || shown?.parts.some((part) => part.id === changed)) renew()
    })
  })
  onBeforeUnmount(() => off())
  return { matter, timeline, type, renew, take }
}
