import type { Label } from '@/api/types'

/** Words of a definition in the reader's language; what is not translated is said in Chinese. */
export function labelIn(language: string, label: Label | undefined, key = ''): string {
  if (!label) return key
  if (language === 'ko') return label.ko || label.zh || key
  if (language === 'en') return label.en || label.zh || key
  return label.zh || key
}
