import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { profilesPath, readProfiles } from '../connection/profiles.ts'
import { maskKey } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { addExamples } from '../terminal/help.ts'
import { printable } from '../terminal/output.ts'
import { wrapBeside, wrapText } from '../terminal/wrap.ts'

export function addConfig(program: Command, action: Action): void {
  const config = program.command('config').description('show what commands use, and where it comes from')
  const show = config
    .command('show', { isDefault: true })
    .description('the gateway, keys (masked), inbox and profiles')
    .action(action(showConfig))
  addExamples(show, ['emailauth config', 'emailauth config --json | jq -r .url'])
  const check = config
    .command('check')
    .description('what each service would use of this environment; secrets are masked')
    .action(action(checkConfig))
  addExamples(check, ['emailauth config check', 'NODE_ENV=production emailauth config check --json'])
}

async function showConfig({ output, settings, world }: Context): Promise<ExitCode> {
  const { url, apiKey, adminKey, inboxUrl, file, source } = await settings()
  const { current, profiles } = await readProfiles(world.env)
  const shown = {
    url,
    source,
    apiKey: maskKey(apiKey),
    adminKey: maskKey(adminKey),
    inboxUrl,
    credentials: file ?? null,
    profiles: profilesPath(world.env) ?? null,
    profile: current,
    others: Object.keys(profiles).filter((name) => name !== current),
  }
  const { bold, dim } = output.colors
  output.data(shown, () =>
    [
      ['url', `${url} ${dim(`(${source})`)}`],
      ['tenant key', shown.apiKey ?? dim('none')],
      ['admin key', shown.adminKey ?? dim('none')],
      ['inbox', inboxUrl ?? dim('none')],
      ['credentials', file ?? dim('none')],
      ['profile', current === null ? dim('none') : [current, ...shown.others].join(', ')],
    ]
      .map(([name = '', value = '']) => wrapBeside(bold(name), value, output.width, 13))
      .join('\n'),
  )
  return EXIT.done
}

async function checkConfig({ output, world }: Context): Promise<ExitCode> {
  const { checkServices } = await import('../up/services/check-services.ts')
  const faults = world.envFaults ?? []
  const services = await checkServices(world)
  const { bold, dim, red, yellow } = output.colors
  output.data({ faults, services }, () =>
    [
      ...faults.map((fault) => wrapText(red(printable(fault)), output.width)),
      ...services.flatMap(({ name, variables }) => [
        '',
        bold(name),
        ...variables.flatMap(({ variable, value, from, fault, warnings }) => [
          fault === null
            ? wrapText(`  ${variable}=${printable(value ?? '')} ${dim(`(${from})`)}`, output.width)
            : wrapText(`  ${variable}: ${red(printable(fault))}`, output.width),
          ...warnings.map((warning) => wrapText(`  ${variable}: ${yellow(warning)}`, output.width)),
        ]),
      ]),
    ].join('\n'),
  )
  const wrong =
    faults.length + services.flatMap(({ variables }) => variables.filter(({ fault }) => fault)).length
  if (wrong > 0)
    output.problem(`${wrong} ${wrong === 1 ? 'variable is' : 'variables are'} not fit to start with.`)
  return wrong > 0 ? EXIT.failed : EXIT.done
}
