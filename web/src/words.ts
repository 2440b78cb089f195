import { ref, shallowReactive } from 'vue'
import { messageWords } from './message'
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
export type WordPart = 'desk' | 'admin' | 'files' | 'public' | 'terminal'
type Loaders = Record<Language, () => Promise<{ default: object }>>
const asErrors = ({ default: error }: { default: object }) => ({ default: { error } })
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
  // What residents look up, beside what they report: a first report does not wait for it.
  public: {
    'zh-CN': () => import('./locales/public/zh-CN.json'),
    ko: () => import('./locales/public/ko.json'),
    en: () => import('./locales/public/en.json'),
  },
  // What the command line says of files, tables and definitions: the same refusals, the same words.
  terminal: {
    'zh-CN': () => import('../../src/cli/words/zh-CN.json').then(asErrors),
    ko: () => import('../../src/cli/words/ko.json').then(asErrors),
    en: () => import('../../src/cli/words/en.json').then(asErrors),
  },
}
const wanted = new Set<WordPart>()
const loaded = new Set<string>()

const locale = ref<Language>('zh-CN')
// By language and whole key; a language of a page that is drawn already grows with its parts.
const known = shallowReactive<Partial<Record<Language, ReadonlyMap<string, string>>>>({})

function flatten(tree: object, prefix: string, out: Map<string, string>): Map<string, string> {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') out.set(prefix + key, value)
    else flatten(value as object, `${prefix}${key}.`, out)
  }
  return out
}
export function addWords(language: Language, tree: object): void {
  known[language] = flatten(tree, '', new Map(known[language]))
}
/** Words for what has none yet. */
function addMissing(language: Language, tree: object): void {
  known[language] = new Map([...flatten(tree, '', new Map()), ...(known[language] ?? [])])
}
const te = (key: string): boolean => known[locale.value]?.has(key) ?? false
/** The words of a key in the language that is read; `n` chooses singular and plural. A key without
 *  words is shown as it is. */
function t(key: string, named: Record<string, unknown> = {}, n?: number): string {
  const words = known[locale.value]?.get(key)
  if (words === undefined && import.meta.env.DEV) console.warn(`no words for ${key}`)
  return words === undefined ? key : messageWords(words, named, n)
}

/** What code outside components and components alike say things with; reactive where it is read. */
export const useWords = () => ({ t, te, locale })

const storageKey = 'gewu.language'

export function savedLanguage(): Language {
  const saved = localStorage.getItem(storageKey)
  const asked = saved ?? navigator.language
  if (asked.startsWith('ko')) return 'ko'
  if (asked.startsWith('en')) return 'en'
  return 'zh-CN'
}

export function currentLanguage(): Language {
  return locale.value
}

async function load(part: WordPart, language: Language): Promise<void> {
  if (loaded.has(`${part} ${language}`)) return
  const words = (await parts[part]![language]()).default
  if (part === 'terminal') addMissing(language, words)
  else addWords(language, words)
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
  if (!loaded.has(language)) addWords(language, (await words[language]()).default)
  loaded.add(language)
  await Promise.all([...wanted].map((part) => load(part, language)))
  locale.value = language
  document.documentElement.lang = language
  if (remember) localStorage.setItem(storageKey, language)
}
