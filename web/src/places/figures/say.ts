import type { Indicator } from '@/api/types'
import { useSay } from '@/define/say'
import { type FigureRow, figureWords } from './figure'

/** A figure and, of a ratio, what it is made of, in the reader's language. */
export function useFigureWords() {
  const { t, locale } = useSay()
  return {
    words: (indicator: Indicator, row: FigureRow) => figureWords(indicator.head, row, locale.value),
    parts: (row: FigureRow) => (row?.withheld ? t('ui.figures.withheld') : row?.denominator !== undefined ? t('ui.figures.of', { numerator: row.numerator ?? '0', denominator: row.denominator }) : ''),
  }
}
