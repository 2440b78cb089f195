import { ref } from 'vue'

/** Notices as the browser's own, on this device and only if its owner switched it on. They say how
 *  many wait and nothing of what: a screen may be seen by others. */
const key = 'gewu.ring'
export const canRing = 'Notification' in window && window.isSecureContext
const isAllowed = () => canRing && Notification.permission === 'granted'
export const rings = ref(isAllowed() && localStorage.getItem(key) === 'on')

/** Whether it is now as wished; the browser may refuse. */
export async function switchRing(on: boolean): Promise<boolean> {
  if (on && canRing && Notification.permission === 'default') await Notification.requestPermission()
  rings.value = on && isAllowed()
  if (rings.value) localStorage.setItem(key, 'on')
  else localStorage.removeItem(key)
  return rings.value === on
}

export function ring(words: string): void {
  if (!rings.value || !isAllowed() || document.visibilityState === 'visible') return
  const shown = new Notification(words, { tag: 'gewu-notices', icon: '/mark-192.png' })
  shown.onclick = () => {
    window.focus()
    shown.close()
  }
}
