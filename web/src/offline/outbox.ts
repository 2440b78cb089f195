import { computed, ref, shallowRef } from 'vue'
import { beatNow, forgetBeat } from '@/api/beat'
import { api, ask, newRequestId } from '@/api/client'
import { ApiError } from '@/api/errors'
import { forgetFiles, withFiles } from './pending'
import { replay, type Receipt } from './replay'
import { dropKey } from './seal'
import { actionsOf, clearOf, dropAction, openStore, put, tidy, type Waiting } from './store'

/** What was done without a net, and what became of it. One outbox for the whole app. */
export const items = shallowRef<Waiting[]>([])
export const waitingCount = computed(() => items.value.filter(({ state }) => state === 'waiting').length)
export const refusedCount = computed(() => items.value.filter(({ state }) => state === 'refused').length)
export const isSending = ref(false)
export const isOffline = ref(!navigator.onLine)

let who = ''
/** Whose actions wait here; empty: of nobody in particular. */
export const outboxOwner = () => who
let timer: ReturnType<typeof setInterval> | undefined
let onDone: () => void = () => {}
const againMs = 30_000

/** Whether a failure is only the net: then what was written may wait. */
export const isNetFailure = (error: unknown): boolean => error instanceof ApiError && error.key === 'client.no_answer'

const showMs = 500
let shownAt = 0
/** While many are sent the list is read anew twice a second, not at each of them. */
function step() {
  if (Date.now() - shownAt < showMs) return
  shownAt = Date.now()
  void refresh()
}
async function refresh() {
  items.value = await actionsOf(await openStore(), who)
}
async function send(item: Waiting, matter: string | undefined): Promise<Receipt> {
  const header = {
    'Gewu-Request': item.request,
    ...(item.post ? { 'Gewu-Post': item.post } : {}),
    ...(item.done ? { 'Gewu-Beat': item.done.beat, 'Gewu-Since': String(item.done.since) } : {}),
  }
  // Photos first: the action names them by what the server made of them.
  const values = await withFiles(item.what.values)
  if (item.what.kind === 'open') {
    const { type, action, locality } = item.what
    const opened = await ask(api.POST('/matters', { params: { header }, body: { type, action, values, ...(locality ? { locality } : {}) } }))
    await forgetFiles(item.what.values)
    return { matter: opened.id, number: opened.number, ...(opened.receipt ? { receipt: opened.receipt } : {}) }
  }
  const { action, version } = item.what
  const body = { action, values, ...(version === undefined ? {} : { version }) }
  const now = await ask(api.POST('/matters/{id}/actions', { params: { path: { id: matter! }, header }, body }))
  await forgetFiles(item.what.values)
  return { matter: now.id, number: now.number }
}

/** Of all open tabs one sends; the others wait for it and read what came of it. */
export async function sendWaiting(): Promise<void> {
  if (!navigator.onLine || isSending.value || !waitingCount.value) return
  const work = async () => {
    isSending.value = true
    try {
      await replay(await openStore(), who, send, step)
    } finally {
      isSending.value = false
      await refresh()
      onDone()
    }
  }
  await (navigator.locks ? navigator.locks.request('gewu-outbox', work) : work())
}
const onNet = () => {
  isOffline.value = !navigator.onLine
  void sendWaiting()
}
const onSight = () => {
  if (document.visibilityState === 'visible') void sendWaiting()
}

/** Takes up the outbox of this person (without an account: of nobody in particular). */
export async function startOutbox(account: string, done: () => void = () => {}): Promise<void> {
  who = account
  onDone = done
  try {
    const db = await openStore()
    await tidy(db, Date.now())
    await refresh()
  } catch {
    items.value = []
    return
  }
  if (!timer) {
    timer = setInterval(() => void sendWaiting(), againMs)
    window.addEventListener('online', onNet)
    window.addEventListener('offline', onNet)
    document.addEventListener('visibilitychange', onSight)
  }
  void sendWaiting()
}

/** Keeps one for later. Its request id is the one that was already tried, if any. */
export async function keepForLater(title: string, what: Waiting['what'], request = newRequestId(), post = ''): Promise<string> {
  void navigator.storage?.persist?.().catch(() => false)
  const done = beatNow()
  await put(await openStore(), { request, who, post, at: new Date().toISOString(), ...(done ? { done } : {}), title, what, state: 'waiting' })
  await refresh()
  return request
}
export async function forget(item: Waiting): Promise<void> {
  await dropAction(await openStore(), item.seq!)
  await forgetFiles(item.what.values)
  await refresh()
}
/** A refused one once more, as something new: the same id would give the same refusal. */
export async function tryAgain(item: Waiting): Promise<void> {
  const again: Waiting = { ...item, request: newRequestId(), state: 'waiting' }
  delete again.problem
  // What the person saw is no longer what is there: they have read the reason and insist.
  if (again.what.kind === 'act') delete again.what.version
  await put(await openStore(), again)
  await refresh()
  void sendWaiting()
}
/** The session is no more: what lies here stays closed until its owner signs in again. */
export async function lockOutbox(account: string): Promise<void> {
  if (account === who) items.value = []
  await openStore().then((db) => dropKey(db, account)).catch(() => undefined)
}
export async function clearOutbox(): Promise<void> {
  forgetBeat()
  try {
    await clearOf(await openStore(), who)
  } catch {
    // Nothing could be stored here, so nothing is left.
  }
  items.value = []
}
