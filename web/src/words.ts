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

/** Words that only some pages need (`meta.words` of a route): a phone does not carry them. */
export type WordPart = 'desk' | 'admin' | 'files'
type Loaders = Record<Language, () => Promise<{ default: object }>>
const parts: Partial<Record<WordPart, Loaders>> = {
  desk: {
    'zh-CN': () => import('./locales/desk/zh-CN.json'),
    ko: () => import('./locales/desk/ko.json'),
    en: () => import('./locales/desk/en.json'),
  },
  admin: {
    'zh-CN': () => import('./locales/admin/zh-CN.json'),
    ko: () => import('./locales/admin/ko.json'),
    en: () => import('./locales/admin/en.json'),
  },
}
const wanted = new Set<WordPart>()
const loaded = new Set<string>()

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
  const asked = saved ?? navigator.language
  if (asked.startsWith('ko')) return 'ko'
  if (asked.startsWith('en')) return 'en'
  return 'zh-CN'
}

export function currentLanguage(): Language {
  return i18n.global.locale.value as Language
}

async function load(part: WordPart, language: Language): Promise<void> {
  if (loaded.has(`${part} ${language}`)) return
  i18n.global.mergeLocaleMessage(language, (await parts[part]![language]()).default as never)
  loaded.add(`${part} ${language}`)
}

/** The words of a part, in whatever language is read from now on; code that is loaded late brings
 *  the way to its own. */
export async function needWords(part: WordPart, loaders?: Loaders): Promise<void> {
  if (loaders) parts[part] = loaders
  wanted.add(part)
  await load(part, currentLanguage())
}

/** Loads the words first, then switches: a page never shows keys. */
export async function useLanguage(language: Language, remember = true): Promise<void> {
  if (!i18n.global.availableLocales.includes(language)) {
    i18n.global.setLocaleMessage(language, (await words[language]()).default as never)
  }
  await Promise.all([...wanted].map((part) => load(part, language)))
  i18n.global.locale.value = language
  document.documentElement.lang = language
  if (remember) localStorage.setItem(storageKey, language)
}
