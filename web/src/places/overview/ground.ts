import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, ask } from '@/api/client'
import type { Figure, MatterPage, MatterRow, Territory } from '@/api/types'
import { childrenOf } from '@/define/directory'
import { useMe } from '@/me/me'
import { countLamps } from './count'

const most = 1000
const mostPages = 10

/** The open matters of a node, all of them up to ten thousand: the very rows that are counted are
 *  the rows that a number opens to. */
export function useGroundRows(node: Ref<string | undefined>, again = 60_000) {
  const me = useMe()
  const children = useQuery({
    queryKey: computed(() => ['territory', node.value, me.acting]),
    queryFn: () => childrenOf(node.value),
    enabled: computed(() => Boolean(node.value)),
    staleTime: 60_000,
  })
  const rows = useQuery({
    queryKey: computed(() => ['list', 'ground', node.value, me.acting]),
    queryFn: async () => {
      const found: MatterRow[] = []
      let cursor: string | undefined
      for (let page = 0; page < mostPages; page += 1) {
        const answer: MatterPage = await ask(api.GET('/matters', { params: { query: { of: 'territory', unit: node.value!, rows: most, ...(cursor ? { cursor } : {}) } } }))
        found.push(...answer.rows)
        cursor = answer.next
        if (!cursor) return { rows: found, isAll: true }
      }
      return { rows: found, isAll: false }
    },
    enabled: computed(() => Boolean(node.value)),
    refetchInterval: again,
  })
  const nodes = computed<Territory[]>(() => children.data.value ?? [])
  const counts = computed(() => countLamps(rows.data.value?.rows ?? [], nodes.value.map(({ code }) => code)))
  return { children, rows, nodes, counts }
}

/** One ratio for every child of a node: the first that the office has of each kind of work. */
export function useRates(node: Ref<string | undefined>, period: Ref<string>, name: Ref<string | undefined>) {
  const me = useMe()
  return useQuery({
    queryKey: computed(() => ['figure', name.value, node.value, period.value, 'child', me.acting]),
    queryFn: (): Promise<Figure> => ask(api.GET('/indicators/{name}', { params: { path: { name: name.value! }, query: { unit: node.value!, period: period.value, by: 'child' } } })),
    enabled: computed(() => Boolean(name.value && node.value)),
    staleTime: 60_000,
  })
}
export function useRatios() {
  const me = useMe()
  return useQuery({
    queryKey: computed(() => ['indicators', 'ratios', me.acting]),
    queryFn: async () => (await ask(api.GET('/indicators', {}))).indicators.filter(({ head, name }) => head === 'ratio' && !name.includes('#')),
    staleTime: 600_000,
  })
}
