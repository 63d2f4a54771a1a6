import type { TenantSettingsInput } from '@emailauth/client'
import { SMTP_URL_WARNINGS, smtpUrlWarnings } from '@emailauth/contracts/smtp-url-warnings'
import type { Output } from '../terminal/output.ts'

/** Says after a change that its SMTP URL was accepted but may not be meant. */
export function sayWhatIsUnusual(
  { info, infoColors }: Pick<Output, 'info' | 'infoColors'>,
  settings: TenantSettingsInput | undefined,
): void {
  for (const warning of smtpUrlWarnings(settings?.mail?.smtpUrl ?? ''))
    info(infoColors.yellow(SMTP_URL_WARNINGS[warning]))
}
