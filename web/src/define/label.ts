import type { Label, MatterRow } from '@/api/types'

/** Words of a definition in the reader's language; what is not translated is said in Chinese. */
export function labelIn(language: string, label: Label | undefined, key = ''): string {
  if (!label) return key
  if (language === 'ko') return label.ko || label.zh || key
  if (language === 'en') return label.en || label.zh || key
  return label.zh || key
}

/** What a row is called: its title; where the definition gives none but the number, the start of
 *  its text as far as the reader may see it. */
export function headline(row: Pick<MatterRow, 'title' | 'number' | 'excerpt'>): string {
  const title = row.title && row.title !== row.number ? row.title : ''
  return title || row.excerpt || row.number
}
