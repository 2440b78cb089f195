import { reactive } from 'vue'

export interface Toast {
  id: number
  text: string
  tone: 'good' | 'bad' | 'plain'
  action?: { label: string; run: () => void }
}

export const toasts = reactive<Toast[]>([])
let next = 1

export function dismiss(id: number): void {
  const at = toasts.findIndex((toast) => toast.id === id)
  if (at >= 0) toasts.splice(at, 1)
}

/** A short line at the foot of the page. One with an action stays `seconds` so it can be reached. */
export function toast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}, seconds = 6): void {
  const id = next++
  toasts.push({ id, text, tone: options.tone ?? 'plain', ...(options.action ? { action: options.action } : {}) })
  setTimeout(() => dismiss(id), seconds * 1000)
}
