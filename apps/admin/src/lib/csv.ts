import { markFormulas } from '@emailauth/contracts/spreadsheet-text'

/** Writes a table as CSV (RFC 4180). Cells that a spreadsheet would run as a formula are marked as text. */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.map(cell).join(',')).join('\r\n')
}

function cell(value: string | number): string {
  const text = typeof value === 'string' ? markFormulas(value) : String(value)
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Downloads a table as a file. */
export function downloadCsv(name: string, rows: readonly (readonly (string | number)[])[]): void {
  // The byte order mark tells spreadsheets that the file is UTF-8.
  const url = URL.createObjectURL(new Blob(['\uFEFF', toCsv(rows)], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
