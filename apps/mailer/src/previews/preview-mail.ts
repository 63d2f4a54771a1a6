import { groupDigits } from '@emailauth/contracts/group-digits'
import { languageOf } from '@emailauth/contracts/languages'
import type { Preview, PreviewRequest } from '@emailauth/contracts/previews'
import { DEFAULT_SETTINGS } from '@emailauth/contracts/tenants'
import { displayName } from '../mime/display-name.ts'
import { lookOf } from '../templates/look.ts'
import { writeNumberMail } from '../templates/number-mail.ts'
import { textsFor } from '../templates/tenant-texts.ts'
import { validityIn, validityOf } from '../templates/validity.ts'

const SAMPLE_NUMBER = '123456789012'

/** A number of nobody, as long and valid for as long as the tenant's are. */
export function sampleOf({ ttlSeconds, digits }: Pick<PreviewRequest, 'ttlSeconds' | 'digits'>) {
  return {
    number: SAMPLE_NUMBER.slice(0, digits),
    remainingMs: (ttlSeconds ?? DEFAULT_SETTINGS.ttlSeconds) * 1000,
  }
}

/** Writes the mail of a tenant with the number of {@link sampleOf}. An unknown locale falls back. */
export function previewMail(request: PreviewRequest): Preview {
  const { tenantName, mail, locale } = request
  const { number, remainingMs } = sampleOf(request)
  const language = languageOf(locale)
  return writeNumberMail({
    language,
    tenant: displayName(tenantName),
    valid: validityIn(language, validityOf(remainingMs)),
    number: groupDigits(number),
    digits: number,
    look: lookOf(mail),
    ...textsFor(mail, language),
  })
}
