import { ref } from 'vue'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const saved = localStorage.getItem('gewu.theme') as Theme | null
export const theme = ref<Theme>(saved && themes.includes(saved) ? saved : 'system')
export const isLarge = ref(localStorage.getItem('gewu.size') === 'large')

/** Theme and type size belong to the device, not to the account: nothing is sent. */
export function showLook(): void {
  const root = document.documentElement
  root.dataset.theme = theme.value
  if (isLarge.value) root.dataset.size = 'large'
  else delete root.dataset.size
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  localStorage.setItem('gewu.theme', chosen)
  showLook()
}

export function chooseLarge(large: boolean): void {
  isLarge.value = large
  localStorage.setItem('gewu.size', large ? 'large' : 'normal')
  showLook()
}
