import { computed, ref } from 'vue'

/** One stream for the whole app: what changed, and a beat every 15 s that carries the server's
 *  time. Without a beat for 60 s the page says how old its data are. */
export interface Change {
  matter: string
  type: string
  units?: string[]
}

const staleMs = 60_000
const tickMs = 10_000
const offset = ref(0)
const lastBeat = ref<number>()
const ticking = ref(Date.now())
const listeners = new Set<(change: Change) => void>()
const reloadListeners = new Set<() => void>()
const noticeListeners = new Set<(unread: number) => void>()
let source: EventSource | undefined
let again: ReturnType<typeof setTimeout> | undefined
const againMs = 15_000
setInterval(() => (ticking.value = Date.now()), tickMs)

/** The server's time: due instants are compared with it, not with the clock of this device. */
export const now = computed(() => ticking.value + offset.value)
export const lastBeatAt = computed(() =>
  lastBeat.value === undefined ? undefined : new Date(lastBeat.value + offset.value).toISOString(),
)
export const isStale = computed(
  () => source !== undefined && lastBeat.value !== undefined && ticking.value - lastBeat.value > staleMs,
)

function read<Body>(event: Event): Body | undefined {
  try {
    return JSON.parse((event as MessageEvent<string>).data) as Body
  } catch {
    return undefined
  }
}
function beat(serverNow?: string) {
  lastBeat.value = Date.now()
  const at = serverNow ? Date.parse(serverNow) : Number.NaN
  if (!Number.isNaN(at)) offset.value = at - Date.now()
  ticking.value = Date.now()
}

/** `after` is where the feed stood before anything was listed, so that no change falls between. */
export function startLive(after?: string): void {
  if (source) return
  source = new EventSource(after ? `/api/live?after=${after}` : '/api/live')
  // The browser takes up a broken line by itself and says what it heard last. Only where it gave up
  // (a refusal, a proxy's page in between) the line is opened anew, and what was missed is asked for.
  source.addEventListener('error', () => {
    if (source?.readyState !== EventSource.CLOSED || again) return
    again = setTimeout(() => {
      again = undefined
      if (!source) return
      source = undefined
      startLive()
      reloadListeners.forEach((listener) => listener())
    }, againMs)
  })
  source.addEventListener('open', () => beat())
  source.addEventListener('beat', (event) => beat(read<{ now: string }>(event)?.now))
  source.addEventListener('changed', (event) => {
    const change = read<Change>(event)
    if (change) listeners.forEach((listener) => listener(change))
  })
  // Too much changed while the line was down: everything on the screen is asked again.
  source.addEventListener('reload', () => reloadListeners.forEach((listener) => listener()))
  source.addEventListener('notice', (event) => {
    const notice = read<{ unread: number }>(event)
    if (notice) noticeListeners.forEach((listener) => listener(notice.unread))
  })
}

export function stopLive(): void {
  clearTimeout(again)
  again = undefined
  source?.close()
  source = undefined
  lastBeat.value = undefined
}

export function onChange(listener: (change: Change) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function onReload(listener: () => void): () => void {
  reloadListeners.add(listener)
  return () => reloadListeners.delete(listener)
}

export function onNotice(listener: (unread: number) => void): () => void {
  noticeListeners.add(listener)
  return () => noticeListeners.delete(listener)
}
