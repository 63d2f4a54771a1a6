import { groupDigits } from '@emailauth/contracts/group-digits'
import { languageOf } from '@emailauth/contracts/languages'
import type { Preview, PreviewRequest } from '@emailauth/contracts/previews'
import { DEFAULT_SETTINGS } from '@emailauth/contracts/tenants'
import { displayName } from '../mime/display-name.ts'
import { lookOf } from '../templates/look.ts'
import { writeNumberMail } from '../templates/number-mail.ts'
import { textsFor } from '../templates/tenant-texts.ts'
import { validityIn, validityOf } from '../templates/validity.ts'

const SAMPLE_NUMBER = '12345678901234567'
const USUAL_DIGITS = 12

/** A number of nobody. The caller says its length and lifetime, which are the tenant's. */
export function sampleOf({ ttlSeconds, digits }: Pick<PreviewRequest, 'ttlSeconds' | 'digits'>) {
  return {
    number: SAMPLE_NUMBER.slice(0, digits ?? USUAL_DIGITS),
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
