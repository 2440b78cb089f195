import { onBeforeUnmount, onMounted } from 'vue'

const storageKey = 'gewu.shortcuts'

export function shortcutsAreOn(): boolean {
  return localStorage.getItem(storageKey) !== 'off'
}

export function switchShortcuts(on: boolean): void {
  if (on) localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, 'off')
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** May this key press be read as a single-letter shortcut? Never while an input method composes,
 *  never with a modifier (those belong to browser and system), never inside a field. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return false
  if (event.ctrlKey || event.altKey || event.metaKey) return false
  return !isTyping(event.target)
}

/** Single-key shortcuts of the mounted component; a key maps to what it does. */
export function useShortcuts(keys: () => Record<string, () => void>): void {
  const onKey = (event: KeyboardEvent) => {
    if (!shortcutsAreOn() || !isShortcut(event)) return
    if (document.querySelector('[role="dialog"][data-state="open"]')) return
    const act = keys()[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!act) return
    if (event.key === 'Enter' && event.target instanceof HTMLElement) {
      if (event.target.closest('a, button, summary, [role="tab"]')) return
    }
    event.preventDefault()
    act()
  }
  onMounted(() => window.addEventListener('keydown', onKey))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey))
}
