import { isDeepStrictEqual } from 'node:util'
import { type MailSettingsPatch, shownSmtpServer } from '@emailauth/contracts/mail-settings'
import { riskFault } from '@emailauth/contracts/number-policy'
import type { TenantSettings, TenantSettingsPatch } from '@emailauth/contracts/tenants'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { isPrivateHost } from '@emailauth/service/network/public-address'
import { lifeFault } from '../numbers/number-life.ts'
import { sealSmtpUrl, type TenantRecord } from './tenant-record.ts'

/** Invalid settings. `refused` is the reason, in a sentence. */
export interface SettingsRefusal {
  readonly refused: string
  /** The invalid setting, as a dotted path. */
  readonly field: string
}

export interface SettingsRules {
  readonly ring: KeyRing
  /** Whether a tenant may use an SMTP server with a private address. */
  readonly allowPrivateSmtp: boolean
  /** Whether a tenant may use an SMTP server on the Internet without TLS. */
  readonly allowPlaintextSmtp?: boolean
  /** Whether numbers of test tenants may live shorter than those of others. Only in development. */
  readonly allowShortLives?: boolean
}

/** Changes some settings of a tenant. Absent settings stay the same, also those of its mails. */
export function changeSettings(
  { tenant, sealedSmtpUrl }: TenantRecord,
  patch: TenantSettingsPatch = {},
  { ring, allowPrivateSmtp, allowPlaintextSmtp = false, allowShortLives = false }: SettingsRules,
): TenantRecord | SettingsRefusal {
  const { mail = {}, ...rules } = patch
  const { smtpUrl, ...look } = mail
  const settings: TenantSettings = {
    ...tenant.settings,
    ...given(rules),
    mail: changeMail(tenant.settings.mail, { ...look, ...shown(smtpUrl) }),
  }
  const changesServer = typeof smtpUrl === 'string' || (smtpUrl === null && sealedSmtpUrl !== undefined)
  // Texts of mails change with the rest, so one version shows which of them a mail had.
  if (changesServer || !isDeepStrictEqual(settings, tenant.settings))
    settings.version = tenant.settings.version + 1
  const life = lifeFault(tenant.testMode && allowShortLives, settings.ttlSeconds)
  if (life !== undefined) return { refused: `settings.ttlSeconds ${life}`, field: 'settings.ttlSeconds' }
  const risk = riskFault(settings)
  if (risk !== undefined) return { refused: risk, field: 'settings' }
  if (typeof smtpUrl === 'string' && !allowPrivateSmtp && isPrivateHost(new URL(smtpUrl).hostname))
    return { refused: PRIVATE_SERVER, field: 'settings.mail.smtpUrl' }
  if (typeof smtpUrl === 'string' && !allowPlaintextSmtp && mayBePlaintext(smtpUrl))
    return { refused: PLAINTEXT_SERVER, field: 'settings.mail.smtpUrl' }
  const changed = { ...tenant, settings }
  if (smtpUrl === undefined) return { tenant: changed, sealedSmtpUrl }
  return smtpUrl === null
    ? { tenant: changed }
    : { tenant: changed, sealedSmtpUrl: sealSmtpUrl(ring, tenant.id, smtpUrl) }
}

type ShownPatch = Omit<MailSettingsPatch, 'smtpUrl'> & { readonly smtpServer?: string | null }

function changeMail(before: TenantSettings['mail'], patch: ShownPatch): TenantSettings['mail'] {
  const kept = Object.entries({ ...before, ...given(patch) }).filter(([, value]) => value !== null)
  return Object.fromEntries(kept)
}

function shown(smtpUrl: string | null | undefined): Pick<ShownPatch, 'smtpServer'> {
  if (smtpUrl === undefined) return {}
  return { smtpServer: smtpUrl === null ? null : shownSmtpServer(smtpUrl) }
}

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<Fields>
}

/** Whether mail may leave our networks without TLS. `offered` counts too, since an attacker can strip it. */
function mayBePlaintext(smtpUrl: string): boolean {
  const { protocol, hostname, searchParams } = new URL(smtpUrl)
  const asked = searchParams.get('starttls')
  return protocol === 'smtp:' && (asked === 'none' || asked === 'offered') && !isPrivateHost(hostname)
}

const PLAINTEXT_SERVER =
  'settings.mail.smtpUrl must use TLS: starttls may be none or offered only where the operator allows it.'

const PRIVATE_SERVER =
  'settings.mail.smtpUrl must name a server with a public address; this system takes no others.'
