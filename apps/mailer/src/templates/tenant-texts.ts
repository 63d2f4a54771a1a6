import { type Language, languageOf } from '@emailauth/contracts/languages'
import type { MailSettings } from '@emailauth/contracts/mail-settings'
import type { MailTexts } from './mail-texts.ts'
import { textsIn } from './texts.ts'

/** A tenant's mail texts, and whether the code is visible without opening the mail. */
export interface TenantTexts {
  readonly texts: MailTexts
  readonly codeInSubject: boolean
}

/** Our texts in a language, replaced by the tenant's own where it has them. */
export function textsFor(mail: MailSettings | undefined, language: Language): TenantTexts {
  const ours = textsIn(language)
  const own = mail?.texts?.find((texts) => languageOf(texts.language) === language)
  const subject = own?.subject
  const holdsCode = subject?.includes('{code}') ?? true
  const codeInSubject = mail?.codeInSubject !== false && holdsCode
  const shown = subject === undefined || (holdsCode && !codeInSubject) ? undefined : subject
  return {
    codeInSubject,
    texts: {
      ...ours,
      subject: (codeInSubject ? shown : undefined) ?? ours.subject,
      subjectWithoutCode: (codeInSubject ? undefined : shown) ?? ours.subjectWithoutCode,
      heading: own?.heading ?? ours.heading,
      intro: own?.intro ?? ours.intro,
      footer: own?.footer ?? ours.footer,
    },
  }
}
