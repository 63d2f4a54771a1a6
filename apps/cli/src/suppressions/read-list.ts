import { pipeline } from 'node:stream'
import type { SuppressionInput } from '@emailauth/client'
import { cutText } from '@emailauth/contracts/cut-text'
import { REPORTED_ADDRESS_MAX_LENGTH } from '@emailauth/contracts/reported-address'
import { withoutMarks } from '@emailauth/contracts/spreadsheet-text'
import { type CsvError, type Info, parse } from 'csv-parse'

/** A line of a list: an address to add, or why it is none. Lines count from 1, with the head. */
export type ListLine =
  | { readonly line: number; readonly address: SuppressionInput }
  | { readonly line: number; readonly fault: string }

/**
 * Which column is which, by the names that this program and providers give them, without spaces and signs.
 */
const COLUMNS: Readonly<Record<string, keyof SuppressionInput>> = {
  email: 'email',
  emailaddress: 'email',
  address: 'email',
  recipient: 'email',
  reason: 'reason',
  error: 'reason',
  description: 'reason',
  suppressedat: 'suppressedAt',
  createdat: 'suppressedAt',
  created: 'suppressedAt',
  date: 'suppressedAt',
}
const WITHOUT_HEAD: readonly (keyof SuppressionInput)[] = ['email', 'reason', 'suppressedAt']
/** What is longer is no line of a list, but another kind of file. */
const RECORD_MAX_BYTES = 16_384
/** As many characters of a reason as the server takes. */
const REASON_MAX_LENGTH = 1000

interface Row {
  readonly record: readonly string[]
  readonly info: Info
}

/**
 * Reads a list of addresses as it comes: one on each line, or CSV (RFC 4180; commas, semicolons or tabs)
 * whose head names the columns. A line that cannot be read may come a little before its turn.
 */
export async function* readList(source: NodeJS.ReadableStream): AsyncGenerator<ListLine> {
  const skipped: CsvError[] = []
  const rows = parse({
    bom: true,
    delimiter: [',', ';', '\t'],
    info: true,
    max_record_size: RECORD_MAX_BYTES,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
  })
  rows.on('skip', (error: CsvError) => skipped.push(error))
  // Faults of the pipeline come out of the loop below.
  pipeline(source, rows, () => {})
  let columns: readonly (keyof SuppressionInput | undefined)[] = WITHOUT_HEAD
  let isFirst = true
  // With the option `info` the parser yields records with their lines, which its type does not say.
  for await (const { record, info } of rows as AsyncIterable<Row>) {
    yield* skipped.splice(0).map(lineOfSkipped)
    const head = isFirst ? headOf(record) : undefined
    isFirst = false
    if (head !== undefined) columns = head
    else if (record.some((cell) => cell !== '')) yield { line: info.lines, ...addressOf(record, columns) }
  }
  yield* skipped.map(lineOfSkipped)
}

const lineOfSkipped = ({ code, lines }: CsvError & { readonly lines?: number }): ListLine => ({
  line: lines ?? 0,
  fault: code === 'CSV_MAX_RECORD_SIZE' ? 'it is too long' : 'its quotes do not match',
})

/** The head of a CSV file; undefined when the first line is an address. */
function headOf(record: readonly string[]): readonly (keyof SuppressionInput | undefined)[] | undefined {
  const named = record.map((cell) => COLUMNS[cell.toLowerCase().replace(/[^a-z]/g, '')])
  return named.includes('email') && !record.some((cell) => cell.includes('@')) ? named : undefined
}

function addressOf(record: readonly string[], columns: readonly (keyof SuppressionInput | undefined)[]) {
  const cell = (column: keyof SuppressionInput) => withoutMarks(record[columns.indexOf(column)] ?? '')
  const email = cell('email')
  if (email === '') return { fault: 'it has no address' }
  // For one value out of bounds the server would refuse the whole call.
  if (email.length > REPORTED_ADDRESS_MAX_LENGTH) return { fault: 'its address is too long' }
  const time = cell('suppressedAt')
  const suppressedAt = time === '' ? undefined : readTime(time)
  if (time !== '' && suppressedAt === undefined) return { fault: 'its time cannot be read' }
  const reason = cutText(cell('reason'), REASON_MAX_LENGTH)
  return {
    address: { email, ...(reason === '' ? {} : { reason }), ...(suppressedAt ? { suppressedAt } : {}) },
  }
}

/** ISO 8601, or Unix seconds as some providers have them. */
function readTime(text: string): string | undefined {
  const ms = /^\d{9,10}$/.test(text) ? Number(text) * 1000 : Date.parse(text)
  if (Number.isNaN(ms)) return undefined
  const moment = new Date(ms).toISOString()
  // Years beyond 9999 have a sign, which the server refuses.
  return /^\d/.test(moment) ? moment : undefined
}
