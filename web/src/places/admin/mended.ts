import type { components } from '@/api/schema'

type Row = components['schemas']['TableRow']
/** Of a report that is imported again: they are no part of the file. */
const own = ['refused_line', 'refused_key', 'refused_reason', 'refused_words']
const written = own.filter((column) => column !== 'refused_key')
const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** The rows that were refused, with their reasons in front, to be mended and imported as they are. */
export function refusedTable(columns: readonly string[], rows: readonly Row[], words: (row: Row) => string): string {
  const kept = columns.flatMap((column, at) => (own.includes(column) ? [] : [at]))
  const lines = rows.map((row) => {
    const details = Object.entries(row.reason.details ?? {}).map(([name, value]) => ` ${name}=${value}`)
    // Cells beyond the last column were the row's fault: they are there to be mended.
    const beyond = row.cells.slice(columns.length)
    return [String(row.line), row.key + details.join(''), words(row), ...kept.map((at) => row.cells[at] ?? ''), ...beyond]
  })
  const head = [...written, ...kept.map((at) => columns[at]!)]
  return [head, ...lines].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}

/** Lets the browser keep a text as a file. */
export function keepAs(name: string, text: string): void {
  const link = document.createElement('a')
  // With a mark, so that a spreadsheet takes it for UTF-8.
  link.href = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
