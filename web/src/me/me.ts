import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, ask, carried, whenSignedOut } from '@/api/client'
import { onNotice, startLive, stopLive } from '@/api/live'
import type { Me } from '@/api/types'
import { clearOutbox, lockOutbox, startOutbox } from '@/offline/outbox'
import { askOrKept, layBy } from '@/offline/kept'
import { officeZone } from './zone'

const postKey = 'gewu.post'
/** The account that is signed in on this device: whose answers may stand in without a net. */
const whoKey = 'gewu.who'
const againMs = 5_000
/** Of the office's own locality. */
const zoneOf = ({ locality, localities }: Me) => localities.find(({ name }) => name === locality)?.zone

/** Who is signed in, as which post they act, and how many notices wait. */
export const useMe = defineStore('me', () => {
  const me = ref<Me>()
  const acting = ref('')
  const unread = ref(0)
  let loading: Promise<void> | undefined

  const who = computed(() => me.value?.account)
  const posts = computed(() => me.value?.posts ?? [])
  const post = computed(() => posts.value.find(({ id }) => id === acting.value))

  function take(answer: Me) {
    me.value = answer
    officeZone.value = zoneOf(answer)
    unread.value = answer.unread ?? 0
    carried.csrf = answer.csrf ?? ''
    const saved = localStorage.getItem(postKey)
    const known = answer.posts.some(({ id }) => id === saved)
    choosePost(known ? saved! : (answer.posts[0]?.id ?? ''))
    void startOutbox(answer.account?.id ?? '')
    if (!answer.account) return leave()
    localStorage.setItem(whoKey, answer.account.id)
    startLive(answer.live)
  }
  /** Nobody is signed in any more: the key of whoever was leaves the device. */
  function leave() {
    const before = localStorage.getItem(whoKey)
    if (before) void lockOutbox(before)
    localStorage.removeItem(whoKey)
  }
  function choosePost(id: string) {
    acting.value = id
    carried.post = id
    if (id) localStorage.setItem(postKey, id)
  }
  /** Who was signed in here last may be nobody's session any more: asked until the server answers. */
  function askAgain() {
    setTimeout(() => {
      ask(api.GET('/me')).then(take, askAgain)
    }, againMs)
  }
  /** Asks once; `again` after signing in, or when posts may have changed. */
  function load(again = false): Promise<void> {
    if (again || !loading) {
      loading = askOrKept(localStorage.getItem(whoKey) ?? '', 'me', () => ask(api.GET('/me')), askAgain).then(take, (error: unknown) => {
        loading = undefined
        throw error
      })
    }
    return loading
  }
  async function signIn(login: string, password: string, code: string) {
    const answer = await ask(api.POST('/sign-in', { body: { login, password, ...(code ? { code } : {}) } }))
    take(answer)
    if (answer.account) layBy(answer.account.id, 'me', answer)
    loading = Promise.resolve()
  }
  function forget() {
    stopLive()
    me.value = me.value ? { locality: me.value.locality, localities: me.value.localities, posts: [] } : undefined
    loading = undefined
    unread.value = 0
    carried.csrf = ''
    carried.post = ''
    localStorage.removeItem(postKey)
  }
  /** Nothing of the person stays on the device, also what was not sent yet. */
  async function signOut() {
    await ask(api.POST('/sign-out', {}))
    await clearOutbox()
    localStorage.removeItem(whoKey)
    forget()
  }
  whenSignedOut(() => {
    forget()
    leave()
  })
  onNotice((count) => (unread.value = count))

  return { me, who, posts, post, acting, unread, load, signIn, signOut, choosePost }
})
