import { type Command, Option } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { required } from '../options/option-values.ts'
import { addExamples } from '../terminal/help.ts'
import { NO_SUCH_TENANT } from '../terminal/not-found.ts'
import { printable } from '../terminal/output.ts'
import { wrapText } from '../terminal/wrap.ts'

interface MailCommandOptions {
  readonly tenant?: string
  readonly locale?: string
  readonly to?: string
  readonly part?: 'text' | 'html' | 'subject'
}

export function addMail(program: Command, action: Action): void {
  const mail = program
    .command('mail')
    .summary("preview and test a tenant's mail")
    .description("a tenant's mail, with a sample number that is nobody's")
  const withTenant = (command: Command) =>
    command.option('--tenant <id>', 'whose (required)').option('--locale <tag>', 'its language, such as es')
  const preview = withTenant(mail.command('preview').description('print it as a person would get it'))
    .addOption(new Option('--part <part>', 'which part').choices(['text', 'html', 'subject']).default('text'))
    .action(action(previewMail))
  addExamples(preview, [
    'emailauth mail preview --tenant demo --locale es',
    'emailauth mail preview --tenant demo --part html > mail.html',
  ])
  const test = withTenant(mail.command('test').description('send it, and print what the SMTP server said'))
    .option('--to <address>', 'where to (required)')
    .action(action(testMail))
  addExamples(test, ['emailauth mail test --tenant demo --to ada@example.com'])
}

async function previewMail({ output, settings }: Context, options: MailCommandOptions): Promise<ExitCode> {
  const tenantId = required(options.tenant, '--tenant <id>')
  const mail = await connect(await settings(), 'admin').mailPreview(tenantId, options.locale)
  const { part = 'text' } = options
  const width = part === 'html' ? undefined : output.width
  output.data(mail, () => (mail === null ? '' : wrapText(mail[part].trimEnd(), width)))
  if (mail === null) output.problem(...NO_SUCH_TENANT)
  return mail === null ? EXIT.notFound : EXIT.done
}

async function testMail({ output, settings }: Context, options: MailCommandOptions): Promise<ExitCode> {
  const tenantId = required(options.tenant, '--tenant <id>')
  const email = required(options.to, '--to <address>')
  const result = await connect(await settings(), 'admin').sendTestMail({
    tenantId,
    email,
    locale: options.locale,
  })
  if (result?.__typename === 'TestMail') {
    output.data(result, () => wrapText(`${result.outcome}  ${printable(result.reply)}`, output.width))
    return result.outcome === 'SENT' ? EXIT.done : EXIT.failed
  }
  output.data(result, () => '')
  if (result === null) output.problem(...NO_SUCH_TENANT)
  else output.problem(result.message)
  return result === null ? EXIT.notFound : EXIT.rateLimited
}
