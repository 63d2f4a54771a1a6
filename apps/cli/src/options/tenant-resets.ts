import type { TenantSetting } from '@emailauth/client'
import { InvalidArgumentError } from 'commander'

/** What `--reset` takes: the names of the options that set the same. */
export const RESETS = {
  verification: 'VERIFICATION',
  ttl: 'TTL_SECONDS',
  locale: 'LOCALE',
  'bound-digits': 'BOUND_DIGITS',
  'bound-tries': 'BOUND_TRIES',
  'accepted-risk': 'ACCEPTED_RISK',
  'mails-per-address': 'MAILS_PER_ADDRESS',
  'registers-per-ip': 'REGISTERS_PER_CLIENT_IP',
  'registers-per-tenant': 'REGISTERS_PER_TENANT',
  'misses-per-ip': 'MISSES_PER_CLIENT_IP',
  'miss-budget': 'MISS_BUDGET_PER_HOUR',
  'test-address': 'TEST_ADDRESSES',
  'return-url': 'RETURN_URLS',
  'mail-sender-name': 'MAIL_SENDER_NAME',
  'mail-sender-address': 'MAIL_SENDER_ADDRESS',
  'mail-reply-to': 'MAIL_REPLY_TO',
  'mail-colour': 'MAIL_COLOUR',
  'mail-logo-url': 'MAIL_LOGO_URL',
  'mail-link-template': 'MAIL_LINK_TEMPLATE',
  'mail-texts': 'MAIL_TEXTS',
  'mail-code-in-subject': 'MAIL_CODE_IN_SUBJECT',
  'mail-header': 'MAIL_HEADERS',
  'mail-smtp-url': 'MAIL_SMTP_URL',
} as const satisfies Record<string, TenantSetting>

/** Reads one more `--reset`. */
export function readReset(name: string, before: readonly TenantSetting[] = []): readonly TenantSetting[] {
  const known = Object.entries(RESETS).find(([option]) => option === name.replace(/^--/, ''))
  if (known === undefined)
    throw new InvalidArgumentError(`It must be one of: ${Object.keys(RESETS).join(', ')}.`)
  return [...before, known[1]]
}
