import { cutText } from '@emailauth/contracts/cut-text'
import { withoutMarks } from '@emailauth/contracts/spreadsheet-text'
import type { SuppressionInput } from '../../generated/graphql.ts'

const ADDRESS = /[^\s@<>"]+@[^\s@<>",;]+/

/**
 * Reads addresses from typed text or a CSV file: one in each line, then a reason and a time if given. Lines
 * without an address, such as a header, are skipped.
 */
export function readSuppressions(text: string): SuppressionInput[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const cells = cellsOf(line)
    const at = cells.findIndex((cell) => ADDRESS.test(cell))
    if (at < 0) return []
    const email = ADDRESS.exec(cells[at] ?? '')?.[0] ?? ''
    const [reason = '', since = ''] = cells.slice(at + 1).map((cell) => cell.trim())
    const ms = Date.parse(since)
    return [
      {
        email,
        ...(reason !== '' && { reason: cutText(reason, 1000) }),
        ...(!Number.isNaN(ms) && { suppressedAt: new Date(ms).toISOString() }),
      },
    ]
  })
}

/** The cells of a line of CSV: quoted ones may contain commas, two quotes mean one, formulas are marked. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,;\t]*)(?:[,;\t]|$)/g)].map(([, cell = '']) =>
    withoutMarks(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell),
  )
}
