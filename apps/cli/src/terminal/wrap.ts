import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

/** A narrower terminal gets lines of this width. */
const NARROWEST = 20

/** Columns on the screen: without colour codes, wide characters as two. */
export const widthOf = (text: string): number => stringWidth(text)

/**
 * Breaks lines between words so that they fit. A longer word stays whole, because an id or URL that is
 * broken cannot be copied. A command at the end of a line gets lines of its own.
 * @param width undefined: a program reads it, nothing is broken.
 */
export function wrapText(text: string, width: number | undefined): string {
  if (width === undefined) return text
  return text
    .split('\n')
    .flatMap((line) => (widthOf(line) <= width ? [line] : wrapLine(line, width)))
    .join('\n')
}

/** Text beside or, on a narrow terminal, below its label. The text's lines stand under each other. */
export function wrapBeside(
  label: string,
  text: string,
  width: number | undefined,
  labelWidth: number,
): string {
  const padded = label + ' '.repeat(Math.max(0, labelWidth - widthOf(label)))
  if (width === undefined || widthOf(padded) + widthOf(text) <= width) return padded + text
  const lines = broken(text, width - labelWidth)
  if (lines.every((line) => widthOf(line) <= width - labelWidth))
    return padded + lines.join(`\n${' '.repeat(labelWidth)}`)
  return [label, ...broken(text, width - 2).map((line) => `  ${line}`)].join('\n')
}

/** A shell command over several lines, each but the last ending in a backslash, so that it can be copied. */
export function wrapCommand(command: string, width: number | undefined, indent = 0): string {
  const margin = ' '.repeat(indent)
  if (width === undefined || indent + widthOf(command) <= width) return margin + command
  const [, line = command, comment] = /^(.*?)(?: {2,}# (.*))?$/.exec(command) ?? []
  const short = `${line}  # ${comment}`
  if (comment !== undefined && indent + widthOf(short) <= width) return margin + short
  const above =
    comment === undefined ? [] : broken(comment, width - indent - 2).map((part) => `${margin}# ${part}`)
  return [
    ...above,
    ...continued(line, Math.max(NARROWEST, width - indent)).map((part) => margin + part),
  ].join('\n')
}

/** A trailing command, after a colon and without a full stop: `Make one: emailauth webhooks create URL`. */
const TRAILING_COMMAND = /^(.*: )((?:npx )?emailauth [a-z].*[^.])$/

function wrapLine(line: string, width: number): string[] {
  const [indent = ''] = /^ */.exec(line) ?? []
  const [, prose, command] = TRAILING_COMMAND.exec(line) ?? []
  const text = broken((prose ?? line).trim(), width - indent.length).map((part) => indent + part)
  return command === undefined ? text : [...text, wrapCommand(command, width, indent.length + 2)]
}

function broken(text: string, room: number): string[] {
  // A run of spaces is a gap between parts, which a break takes the place of.
  return wrapAnsi(text.replace(/ {2,}/g, ' '), Math.max(NARROWEST, room), { hard: false }).split('\n')
}

/** Words of a shell: what is in quotes stays together. An option stays with its value. */
const ONE_WORD = /(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'])+/.source
const WORD = new RegExp(`--[\\w-]+ (?!-|\\|)${ONE_WORD}|${ONE_WORD}`, 'g')

function continued(command: string, room: number): string[] {
  const lines: string[] = []
  let line = ''
  const words = (command.match(WORD) ?? [command]).flatMap((word) =>
    widthOf(word) + '   \\'.length > room ? (word.match(new RegExp(ONE_WORD, 'g')) ?? []) : [word],
  )
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(longer) + 2 > room) {
      lines.push(`${line} \\`)
      line = `  ${word}`
    } else line = longer
  }
  return [...lines, line]
}
