import type { KeyObject } from 'node:crypto'
import type { MailHooks } from '../mail-hooks.routes.ts'
import { fetchText } from './fetch-text.ts'
import { createGenericHook } from './generic.ts'
import { createMailgunHook } from './mailgun.ts'
import { createPostmarkHook } from './postmark.ts'
import { createSendgridHook } from './sendgrid.ts'
import { createSesHook } from './ses.ts'

/** Secrets that prove each provider's reports. A provider without one has no route. */
export interface ProviderSecrets {
  readonly bounceSecret?: string | undefined
  readonly sesTopicArn?: string | undefined
  readonly sendgridKey?: KeyObject | undefined
  readonly mailgunSigningKey?: string | undefined
  /** `user:password` */
  readonly postmarkCredentials?: string | undefined
  /** Fetches certificates and confirmations of Amazon; default: by HTTPS. */
  readonly fetchFromAmazon?: ((url: string) => Promise<string>) | undefined
}

export function createMailHooks(secrets: ProviderSecrets, now: () => number): MailHooks {
  const { bounceSecret, sesTopicArn, sendgridKey, mailgunSigningKey, postmarkCredentials } = secrets
  const { fetchFromAmazon = fetchText } = secrets
  return {
    ...(bounceSecret === undefined ? {} : { generic: createGenericHook(bounceSecret, now) }),
    ...(sesTopicArn === undefined
      ? {}
      : { ses: createSesHook({ topicArn: sesTopicArn, fetchText: fetchFromAmazon, now }) }),
    ...(sendgridKey === undefined ? {} : { sendgrid: createSendgridHook(sendgridKey, now) }),
    ...(mailgunSigningKey === undefined ? {} : { mailgun: createMailgunHook(mailgunSigningKey, now) }),
    ...(postmarkCredentials === undefined ? {} : { postmark: createPostmarkHook(postmarkCredentials) }),
  }
}
