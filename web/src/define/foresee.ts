import { useQuery } from '@tanstack/vue-query'
import { computed, onBeforeUnmount, ref, watch, type MaybeRefOrGetter, toValue } from 'vue'
import { api, ask } from '@/api/client'
import type { Values } from '@/api/types'
import { useMe } from '@/me/me'

export interface Foreseen {
  type: string
  action: string
  values: Values
}
const settledMs = 350

/** What opening a matter would do now, asked of the server once the form stood still. */
export function useForesight(of: MaybeRefOrGetter<Foreseen | undefined>) {
  const me = useMe()
  const body = ref<Foreseen>()
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    () => JSON.stringify(toValue(of) ?? null),
    (text) => {
      clearTimeout(timer)
      timer = setTimeout(() => (body.value = (JSON.parse(text) as Foreseen | null) ?? undefined), settledMs)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => clearTimeout(timer))
  return useQuery({
    queryKey: computed(() => ['foreseen', me.acting, body.value]),
    queryFn: () => ask(api.POST('/matters/preview', { body: { ...body.value!, ...(me.post?.locality ? { locality: me.post.locality } : {}) } })),
    enabled: computed(() => Boolean(body.value)),
    retry: false,
    staleTime: 10_000,
    refetchInterval: 60_000,
  })
}
