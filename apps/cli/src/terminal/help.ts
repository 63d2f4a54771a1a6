import { type Command, Help, type HelpConfiguration } from 'commander'
import { wrapCommand, wrapText } from './wrap.ts'

/** A narrower terminal gets descriptions below their options instead of beside them. */
const NARROW = 60
const DESCRIPTION_INDENT = 6
/** Commander puts this before the usage. */
const USAGE = 'Usage: '

/** How help is laid out. */
export const HELP: HelpConfiguration = {
  showGlobalOptions: true,
  sortSubcommands: false,
  minWidthToWrap: 20,
  styleTitle: (text) => `\u001b[1m${text}\u001b[22m`,
  commandUsage(this: Help, command) {
    const usage = Help.prototype.commandUsage.call(this, command)
    const lines = wrapText(usage, (this.helpWidth ?? 80) - USAGE.length).split('\n')
    return lines.join(`\n${' '.repeat(USAGE.length)}`)
  },
  formatItem(term, termWidth, description, helper) {
    const width = helper.helpWidth ?? 80
    if (width >= NARROW) return Help.prototype.formatItem.call(helper, term, termWidth, description, helper)
    const lines = wrapText(description, width - DESCRIPTION_INDENT).split('\n')
    return [`  ${term}`, ...lines.map((line) => ' '.repeat(DESCRIPTION_INDENT) + line)].join('\n').trimEnd()
  },
}

/** Puts examples first in a command's help. */
export function addExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText('before', ({ error, command: shown }) => {
    const width = helpWidthOf(shown, error)
    return `Examples:\n${examples.map((line) => `${wrapCommand(line, width, 2)}\n`).join('')}`
  })
}

/** Columns that help of this command is wrapped to. */
export function helpWidthOf(command: Command, isError: boolean): number {
  const { getOutHelpWidth, getErrHelpWidth } = command.configureOutput()
  return (isError ? getErrHelpWidth?.() : getOutHelpWidth?.()) ?? 80
}
