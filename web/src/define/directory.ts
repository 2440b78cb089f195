import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, ask } from '@/api/client'
import type { Label } from '@/api/types'
import { useMe } from '@/me/me'
import { askOrKept } from '@/offline/kept'
import { currentLanguage } from '@/words'
import { labelIn } from './label'

// What hardly changes: types, territory, organisations. Asked once and kept for ten minutes; the
// acting post is part of the key, because it decides what is offered.
const keptMs = 600_000

export function useTypes(locality?: MaybeRefOrGetter<string | undefined>) {
  const me = useMe()
  return useQuery({
    queryKey: computed(() => ['types', me.acting, toValue(locality) ?? '']),
    queryFn: async () => {
      const chosen = toValue(locality)
      const question = () => ask(api.GET('/types', { params: { query: chosen ? { locality: chosen } : {} } }))
      return (await askOrKept(me.who?.id ?? 'public', `types ${chosen ?? ''}`, question)).types
    },
    staleTime: keptMs,
  })
}

export function useMatterType(name: MaybeRefOrGetter<string | undefined>) {
  const me = useMe()
  return useQuery({
    queryKey: computed(() => ['type', toValue(name) ?? '', me.acting]),
    queryFn: () => {
      const type = toValue(name)!
      return askOrKept(me.who?.id ?? 'public', `type ${type}`, () => ask(api.GET('/types/{type}', { params: { path: { type } } })))
    },
    enabled: computed(() => Boolean(toValue(name))),
    staleTime: keptMs,
  })
}

export function useOrganisations(wanted: MaybeRefOrGetter<boolean> = true) {
  return useQuery({
    queryKey: ['organisations'],
    queryFn: async () => (await ask(api.GET('/organisations', {}))).organisations,
    enabled: computed(() => toValue(wanted)),
    staleTime: keptMs,
  })
}

export async function childrenOf(parent?: string) {
  return (await ask(api.GET('/territory', { params: { query: parent ? { parent } : {} } }))).nodes
}

/** A point's nodes from the top down to its grid; empty outside. */
export async function nodesAt(lon: string, lat: string) {
  return (await ask(api.GET('/territory/at', { params: { query: { lon, lat } } }))).nodes
}

/** A node with all above it, from the top down. */
export async function pathTo(code: string) {
  const { ancestors, node } = await ask(api.GET('/territory/{code}', { params: { path: { code } } }))
  return [...ancestors, node]
}

export interface GridShape {
  id: string
  label: string
  open: number | undefined
  geometry: object
}
/** Boundaries below a node. A feature without code or geometry is left out. */
export async function gridsOf(code: string): Promise<GridShape[]> {
  const collection = (await ask(
    api.GET('/territory/{code}/grids.geojson', { params: { path: { code } } }),
  )) as { features?: { geometry?: object; properties?: Record<string, unknown> }[] }
  return (collection.features ?? []).flatMap(({ geometry, properties }) => {
    const id = properties?.code
    if (!geometry || typeof id !== 'string') return []
    const open = properties?.open
    return [{ id, label: labelIn(currentLanguage(), properties?.label as Label | undefined, id), open: typeof open === 'number' ? open : undefined, geometry }]
  })
}
