import { useQueries, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, ask } from '@/api/client'
import type { Lamp } from '@/api/types'
import { useTypes } from '@/define/directory'
import { useSay } from '@/define/say'
import { useMe } from '@/me/me'
import { countOf, scopes, scopesOf, useAsking, type Asked, type Scope } from './list'

/** Lists that somebody comes back to: those that a definition keeps for work that waits, and those
 *  that the clerk kept. A kept one is the list's own address, with the post it was kept at. */
export interface Shelved {
  key: string
  label: string
  note: string
  query: Record<string, string>
  own: boolean
}
const kept = ['scope', 'type', 'view', 'lamp', 'words', 'as', 'cols'] as const
const freshMs = 60_000

export function askedOf(query: Record<string, string>, usual: Scope): Asked {
  return {
    scope: scopes.includes(query.scope as Scope) ? (query.scope as Scope) : usual,
    types: query.type ? [query.type] : [],
    lamp: (query.lamp || undefined) as Lamp | undefined,
    words: query.words ?? '',
    ...(query.view ? { view: query.view } : {}),
  }
}

export function useShelf() {
  const me = useMe()
  const client = useQueryClient()
  const { label } = useSay()
  const { read } = useAsking()
  const types = useTypes()
  const usual = computed<Scope>(() => scopesOf(me.post).at(-1) ?? 'territory')
  const mine = useQuery({
    queryKey: computed(() => ['views', me.who?.id ?? '']),
    queryFn: async () => (await ask(api.GET('/views', {}))).views,
    staleTime: freshMs,
  })
  const desks = computed<Shelved[]>(() =>
    (types.data.value ?? []).flatMap((type) =>
      (type.views ?? []).map((view) => ({
        key: `${type.name}/${view.name}`,
        label: label(view.label, view.name),
        note: label(type.label, type.name),
        query: { scope: usual.value, type: type.name, view: view.name, ...(view.kind === 'table' ? { as: 'list' } : {}) },
        own: false,
      })),
    ),
  )
  const own = computed<Shelved[]>(() =>
    (mine.data.value ?? []).flatMap(({ name, filter }) => {
      const query = Object.fromEntries(new URLSearchParams(filter))
      const { post, ...rest } = query
      return post && post !== me.acting ? [] : [{ key: `own/${name}`, label: name, note: '', query: rest, own: true }]
    }),
  )
  const all = computed(() => [...desks.value, ...own.value])
  const counted = useQueries({
    queries: computed(() =>
      all.value.map(({ query }) => ({
        queryKey: ['shelf', me.acting, query],
        queryFn: async () => countOf(await read(askedOf(query, usual.value), 20)),
        staleTime: freshMs,
        refetchInterval: freshMs,
        refetchOnWindowFocus: false,
        retry: false,
      })),
    ),
  })
  const shelved = computed(() => all.value.map((one, at) => ({ ...one, count: counted.value[at]?.data as string | undefined })))

  async function keep(name: string, query: Record<string, string>) {
    const rest = kept.flatMap((key) => (query[key] ? [[key, query[key]] as [string, string]] : []))
    const filter = new URLSearchParams([...rest, ['post', me.acting]]).toString()
    await ask(api.POST('/views', { body: { name, filter } }))
    await client.invalidateQueries({ queryKey: ['views'] })
  }
  async function drop(name: string) {
    await ask(api.POST('/views/drop', { body: { name } }))
    await client.invalidateQueries({ queryKey: ['views'] })
  }
  return { shelved, keep, drop }
}
