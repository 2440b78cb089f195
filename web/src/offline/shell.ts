import { computed, ref } from 'vue'

/** The service worker: the shell opens without a net, and a new build waits until it is taken. */
const waiting = ref<ServiceWorker>()
const isTyping = ref(false)

/** Said only while nobody types: an update never takes words away. */
export const hasUpdate = computed(() => Boolean(waiting.value) && !isTyping.value)

function watchTyping() {
  const editable = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  document.addEventListener('focusin', ({ target }) => (isTyping.value = editable(target)))
  document.addEventListener('focusout', () => (isTyping.value = false))
}
function follow(registration: ServiceWorkerRegistration) {
  const offer = () => {
    // Without an older build on the page there is nothing to replace.
    if (registration.waiting && navigator.serviceWorker.controller) waiting.value = registration.waiting
  }
  offer()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer))
}

export async function startShell(): Promise<void> {
  // A plain page (no TLS, not this machine) has no worker: it works, but not without a net.
  if (!('serviceWorker' in navigator) || !window.isSecureContext || import.meta.env.DEV) return
  watchTyping()
  try {
    follow(await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }))
  } catch {
    waiting.value = undefined
  }
}
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  waiting.value?.postMessage('take-over')
}
