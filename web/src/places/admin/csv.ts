/** A table as the server reads it: rows with the line of the file that each begins on, from 1.
 *  Quotes, line ends in quotes and CR LF; empty lines are left out. */
export interface CsvRow {
  line: number
  cells: string[]
}
export interface CsvTable {
  columns: string[]
  rows: CsvRow[]
}

export function readCsv(text: string): CsvTable {
  const rows: CsvRow[] = []
  let line = 1
  let row: CsvRow = { line, cells: [] }
  let cell = ''
  let isQuoted = false
  const endCell = () => {
    row.cells.push(cell.trim())
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row)
    row = { line, cells: [] }
  }
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; at += 1) {
    const c = text[at]!
    if (c === '\n') line += 1
    if (isQuoted) {
      if (c !== '"') cell += c
      else if (text[at + 1] === '"') {
        cell += c
        at += 1
      } else isQuoted = false
    } else if (c === '"') isQuoted = true
    else if (c === ',') endCell()
    else if (c === '\n') endRow()
    else if (c !== '\r') cell += c
  }
  if (cell !== '' || row.cells.length > 0) endRow()
  const [head, ...body] = rows
  return { columns: head?.cells ?? [], rows: body }
}

/** The text of a chosen file: UTF-8, or else GB18030, as old spreadsheets write it. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
