import { needWords } from '@/words'

/** What sends and shows files, with its words; loaded when a form or a matter has any. */
export const words = () =>
  needWords('files', {
    'zh-CN': () => import('@/locales/files/zh-CN.json'),
    ko: () => import('@/locales/files/ko.json'),
    en: () => import('@/locales/files/en.json'),
  })
export const editor = async () => (await Promise.all([import('./editors/FileEditor.vue'), words()]))[0]
export const list = async () => (await Promise.all([import('./FileList.vue'), words()]))[0]
