import { groupDigits } from '@emailauth/contracts/group-digits'
import { languageOf } from '@emailauth/contracts/languages'
import type { Preview, PreviewRequest } from '@emailauth/contracts/previews'
import { displayName } from '../mime/display-name.ts'
import { lookOf } from '../templates/look.ts'
import { writeNumberMail } from '../templates/number-mail.ts'
import { textsFor } from '../templates/tenant-texts.ts'
import { validityIn, validityOf } from '../templates/validity.ts'

/** A number of nobody, with the usual validity. */
export const SAMPLE_NUMBER = '123456789012'
export const SAMPLE_VALID_MS = 600_000

/** Writes the mail of a tenant with {@link SAMPLE_NUMBER}. An unknown locale falls back. */
export function previewMail({ tenantName, mail, locale }: PreviewRequest): Preview {
  const language = languageOf(locale)
  return writeNumberMail({
    language,
    tenant: displayName(tenantName),
    valid: validityIn(language, validityOf(SAMPLE_VALID_MS)),
    number: groupDigits(SAMPLE_NUMBER),
    digits: SAMPLE_NUMBER,
    look: lookOf(mail),
    ...textsFor(mail, language),
  })
}
