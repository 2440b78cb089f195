import { createI18n } from 'vue-i18n'
import { compileMessage } from './message'
import type zh from './locales/zh-CN.json'

export const languages = ['zh-CN', 'ko', 'en'] as const
export type Language = (typeof languages)[number]
type Messages = typeof zh

// Only the language that is read is loaded; all three are complete (checks/locales.mjs).
const words: Record<Language, () => Promise<{ default: Messages }>> = {
  'zh-CN': () => import('./locales/zh-CN.json'),
  ko: () => import('./locales/ko.json'),
  en: () => import('./locales/en.json'),
}

export const i18n = createI18n<[Messages], Language, false>({
  legacy: false,
  locale: 'zh-CN',
  missingWarn: import.meta.env.DEV,
  fallbackWarn: import.meta.env.DEV,
  messageCompiler: compileMessage as never,
  messages: {} as never,
})

const storageKey = 'gewu.language'

export function savedLanguage(): Language {
  const saved = localStorage.getItem(storageKey)
  const wanted = saved ?? navigator.language
  if (wanted.startsWith('ko')) return 'ko'
  if (wanted.startsWith('en')) return 'en'
  return 'zh-CN'
}

export function currentLanguage(): Language {
  return i18n.global.locale.value as Language
}

/** Loads the words first, then switches: a page never shows keys. */
export async function useLanguage(language: Language, remember = true): Promise<void> {
  if (!i18n.global.availableLocales.includes(language)) {
    i18n.global.setLocaleMessage(language, (await words[language]()).default as never)
  }
  i18n.global.locale.value = language
  document.documentElement.lang = language
  if (remember) localStorage.setItem(storageKey, language)
}
