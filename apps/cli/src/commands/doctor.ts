import { domainToASCII } from 'node:url'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import type { Context } from '../context.ts'
import type { Finding } from '../doctor/finding.ts'
import { layOutFinding } from '../doctor/layout.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { addExamples } from '../terminal/help.ts'

export function addDoctor(program: Command, action: Action): void {
  const command = program
    .command('doctor')
    .description('look for what is wrong and how to fix it')
    .option('--mail', 'look at mail instead: DNS records of the sender, and each relay')
    .option('--domain <domain>', "with --mail: look at this domain, not at the sender's")
    .option('--dns <server>', 'with --mail: ask this DNS server, address or address:port')
    .action(action(doctor))
  addExamples(command, [
    'emailauth doctor',
    'emailauth doctor --mail',
    'emailauth doctor --mail --domain acme.example --dns 9.9.9.9',
    'emailauth doctor --json | jq ".checks[] | select(.state != \\"ok\\")"',
  ])
}

interface DoctorOptions {
  readonly mail?: boolean
  readonly domain?: string
  readonly dns?: string
}

async function doctor(context: Context, options: DoctorOptions): Promise<ExitCode> {
  const { output } = context
  const checks = await checksOf(context, options)
  const failed = checks.filter(({ state }) => state === 'fail').length
  // `mend` is the former name of `fix`. It stays, because the JSON is a public promise.
  const json = { ok: failed === 0, checks: checks.map((check) => ({ ...check, mend: check.fix })) }
  output.data(json, () => checks.map((check) => layOutFinding(check, output.colors, output.width)).join('\n'))
  if (failed > 0) output.problem(`${failed} ${failed === 1 ? 'check' : 'checks'} failed.`)
  return failed === 0 ? EXIT.done : EXIT.failed
}

async function checksOf(context: Context, { mail, domain, dns }: DoctorOptions): Promise<readonly Finding[]> {
  if (mail) {
    const { examineMail } = await import('../doctor/check-mail.ts')
    return examineMail(context.world, {
      ...(domain === undefined ? {} : { domain: domainOf(domain) }),
      ...(dns === undefined ? {} : { dns }),
    })
  }
  if (domain ?? dns) throw new CliError(EXIT.usage, '--domain and --dns go with --mail.')
  const { examine } = await import('../doctor/examine.ts')
  return examine(context)
}

function domainOf(text: string): string {
  const domain = domainToASCII(text.toLowerCase().replace(/\.$/, ''))
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(domain))
    throw new CliError(EXIT.usage, '--domain must be a domain such as acme.example.')
  return domain
}
