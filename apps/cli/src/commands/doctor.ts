import type { Command } from 'commander'
import { type Action, addExamples } from '../action.ts'
import type { Context } from '../context.ts'
import type { Finding } from '../doctor/check.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { type Colors, printable } from '../output.ts'

export function addDoctor(program: Command, action: Action): void {
  const command = program
    .command('doctor')
    .description('look for what is wrong and how to fix it')
    .action(action(doctor))
  addExamples(command, [
    'emailauth doctor',
    'emailauth doctor --json | jq ".checks[] | select(.state != \\"ok\\")"',
  ])
}

async function doctor(context: Context): Promise<ExitCode> {
  const { output } = context
  const { examine } = await import('../doctor/examine.ts')
  const checks = await examine(context)
  const failed = checks.filter(({ state }) => state === 'fail').length
  // `mend` is the former name of `fix`. It stays, because the JSON is a public promise.
  const json = { ok: failed === 0, checks: checks.map((check) => ({ ...check, mend: check.fix })) }
  output.data(json, () => checks.map((check) => lineOf(check, output.colors)).join('\n'))
  if (failed > 0) output.problem(`${failed} ${failed === 1 ? 'check' : 'checks'} failed.`)
  return failed === 0 ? EXIT.done : EXIT.failed
}

function lineOf({ state, name, detail, fix }: Finding, colors: Colors): string {
  const paint = { ok: colors.green, warn: colors.yellow, fail: colors.red }[state]
  const line = `${paint(state.padEnd(4))}  ${name.padEnd(17)}  ${printable(detail)}`
  return fix === null ? line : `${line}\n${' '.repeat(25)}${colors.dim('→')} ${printable(fix)}`
}
