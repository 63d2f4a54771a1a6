import type { TenantMailInput } from '@emailauth/client'
import { type Command, InvalidArgumentError } from 'commander'
import type { World } from '../context.ts'
import { readJsonFile, readYesOrNo } from './option-values.ts'
import { readSecret } from './read-secret.ts'

type TenantMailHeader = NonNullable<TenantMailInput['headers']>[number]

/** How a tenant's mails look and which way they go, as options. */
export interface MailOptions {
  readonly mailSenderName?: string
  readonly mailSenderAddress?: string
  readonly mailReplyTo?: string
  readonly mailColour?: string
  readonly mailLogoUrl?: string
  readonly mailLinkTemplate?: string
  /** As they lie in the file; the gateway checks them. */
  readonly mailTexts?: TenantMailInput['texts'] | ''
  readonly mailCodeInSubject?: boolean | ''
  readonly mailHeader?: readonly TenantMailHeader[]
  readonly mailSmtpUrl?: string
}

export function addMailOptions(command: Command): Command {
  return command
    .option('--mail-sender-name <name>', 'sender of its mails; here and below "" takes a setting away')
    .option('--mail-sender-address <address>', 'address they come from; the SMTP server must accept it')
    .option('--mail-reply-to <address>', 'where answers go')
    .option('--mail-colour <colour>', 'accent, such as #1a73e8')
    .option('--mail-logo-url <url>', 'picture above the heading, https://…')
    .option('--mail-link-template <url>', 'your page, https://…#{number}; it must ask before it verifies')
    .option(
      '--mail-texts <file>',
      'JSON: [{"language":"es","subject":"{code} …","heading":…,"intro":…,"footer":…}]',
      readJsonFile,
    )
    .option('--mail-code-in-subject <yes|no>', 'no keeps the code out of subject and preview', readYesOrNo)
    .option(
      '--mail-header <name: value>',
      'header for its provider, "X-PM-Message-Stream: codes"; repeat it: all that were there are replaced',
      readMailHeader,
    )
    .option('--mail-smtp-url <url>', 'SMTP server of its own, smtps://user:password@host; - reads stdin')
}

/** The settings that were given; undefined when none was. */
export async function readMailOptions(
  options: MailOptions,
  stdin: World['stdin'],
): Promise<TenantMailInput | undefined> {
  const { mailSmtpUrl } = options
  const read = {
    senderName: options.mailSenderName,
    senderAddress: options.mailSenderAddress,
    replyTo: options.mailReplyTo,
    colour: options.mailColour,
    logoUrl: options.mailLogoUrl,
    linkTemplate: options.mailLinkTemplate,
    texts: options.mailTexts,
    codeInSubject: options.mailCodeInSubject,
    headers: options.mailHeader?.length === 0 ? null : options.mailHeader,
    smtpUrl: mailSmtpUrl === undefined ? undefined : await readSecret(mailSmtpUrl, stdin),
  }
  const given = Object.entries(read).filter(([, value]) => value !== undefined)
  if (given.length === 0) return undefined
  return Object.fromEntries(given.map(([name, value]) => [name, value === '' ? null : value]))
}

/** `Name: value`; the gateway checks both. "" takes all headers away. */
function readMailHeader(text: string, before: readonly TenantMailHeader[] = []): readonly TenantMailHeader[] {
  if (text === '') return []
  const [, name = '', value = ''] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/s.exec(text) ?? []
  if (name === '' || value === '')
    throw new InvalidArgumentError('It must be a name and a value, such as "X-PM-Message-Stream: codes".')
  return [...before, { name, value }]
}
