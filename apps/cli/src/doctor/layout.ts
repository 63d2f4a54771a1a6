import type { Colors } from '../terminal/output.ts'
import { printable } from '../terminal/output.ts'
import { wrapText } from '../terminal/wrap.ts'
import type { Finding } from './finding.ts'

const STATE_WIDTH = 6
const NAME_WIDTH = 19
/** A terminal narrower than this gets the detail below the name. */
const WIDE = 60

/** A finding as people read it; with a width, no line of text is longer unless one word is. */
export function layOutFinding(finding: Finding, colors: Colors, width: number | undefined): string {
  const { state, name, detail, fix } = finding
  const paint = { ok: colors.green, warn: colors.yellow, fail: colors.red, skip: colors.dim }[state]
  const head = paint(state.padEnd(4)) + ' '.repeat(STATE_WIDTH - 4)
  const isNarrow = width !== undefined && width < WIDE
  const indent = isNarrow ? STATE_WIDTH : STATE_WIDTH + NAME_WIDTH
  const room = width === undefined ? undefined : width - indent
  const [first = '', ...more] = broken(printable(detail), room)
  const fixes = fix === null ? [] : broken(printable(fix), room === undefined ? undefined : room - 2)
  const lines = [
    isNarrow ? `${head}${name}` : `${head}${name.padEnd(NAME_WIDTH)}${first}`,
    ...[...(isNarrow ? [first] : []), ...more].map((line) => ' '.repeat(indent) + line),
    ...fixes.map((line, i) => `${' '.repeat(indent)}${i === 0 ? colors.dim('→') : ' '} ${line}`),
  ]
  return lines.join('\n')
}

const broken = (text: string, room: number | undefined) => wrapText(text, room).split('\n')
