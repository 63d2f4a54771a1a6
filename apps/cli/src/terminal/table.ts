import { widthOf, wrapBeside } from './wrap.ts'

/** A column: its title, and whether it gives way when the terminal is narrow. */
export interface Column {
  readonly title: string
  readonly shrinks?: boolean
}

const GAP = '  '
const NARROWEST = 8
/** On a narrower terminal columns are not cut, because too little of an address or id would be left. */
const NARROW = 60

/**
 * Lays out rows in columns, titles first. With a `width`, the shrinkable columns are cut until a line fits,
 * and where that is not enough, or the terminal is narrow, each value gets a line of its own.
 * Without it (output to a program) nothing is cut. `bold` styles the titles.
 */
export async function layOut(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, bold }: { width: number | undefined; bold: (text: string) => string },
): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const natural = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map((row) => widthOf(row[at] ?? ''))),
  )
  const widths = shrink(columns, natural, width)
  const isNarrow = width !== undefined && width < NARROW && totalOf(natural) > width
  if (width !== undefined && (isNarrow || totalOf(widths) > width))
    return stack(columns, rows, { width, bold })
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    // The last column is never padded: a line ends where its text ends.
    colWidths: widths,
    truncate: '…',
  })
  table.push(
    columns.map(({ title }) => bold(title)),
    ...rows.map((row) => [...row]),
  )
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1)
}

/** For terminals too narrow for columns: each row as lines of a title and its value, broken between words. */
function stack(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, bold }: { width: number; bold: (text: string) => string },
): string {
  const indent = Math.max(...columns.map(({ title }) => title.length)) + GAP.length
  const block = (row: readonly string[]) =>
    columns.map(({ title }, at) => wrapBeside(bold(title), row[at] ?? '', width, indent).trimEnd())
  return rows.map((row) => block(row).join('\n')).join('\n\n')
}

function shrink(columns: readonly Column[], natural: number[], width: number | undefined): number[] {
  const widths = [...natural]
  if (width === undefined) return widths
  const total = () => totalOf(widths)
  for (;;) {
    const over = total() - width
    const [widest] = columns
      .map((column, at) => ({ at, width: widths[at] ?? 0, shrinks: column.shrinks === true }))
      .filter((column) => column.shrinks && column.width > NARROWEST)
      .sort((a, b) => b.width - a.width)
    if (over <= 0 || widest === undefined) return widths
    widths[widest.at] = Math.max(NARROWEST, widest.width - over)
  }
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: GAP,
}
