import { randomBytes } from 'node:crypto'
import { toMailbox } from '@emailauth/contracts/email-address'
import type { PreviewTestRequest } from '@emailauth/contracts/previews'
import type { RenderMail } from '../mime/mail-cache.ts'
import { domainOf } from '../mime/mailbox.ts'
import type { SenderOf } from '../mime/sender.ts'
import { CutOff } from '../smtp/cut-off.ts'
import type { HandOver, Smtp } from '../smtp/hand-over.ts'
import { withoutSecrets } from '../smtp/without-secrets.ts'
import { type OwnServer, SEALED_REPLY } from '../tenants/own-server.ts'
import { sampleOf } from './preview-mail.ts'

/** Sends one mail with the sample number. The caller waits for the result. */
export type SendTestMail = (request: PreviewTestRequest) => Promise<HandOver>

/** Shorter than the callers' timeouts: the gateway waits 9.5 s, the dashboard 10 s. */
const ATTEMPT_MS = 8000
const LATE: HandOver = { outcome: 'deferred', reply: 'The SMTP server did not finish in time.' }

export function createSendTestMail(options: {
  readonly smtp: Smtp
  readonly renderMail: RenderMail
  readonly senderOf: SenderOf
  readonly ownServer: OwnServer
  /** Unix milliseconds. */
  readonly now: () => number
}): SendTestMail {
  const { smtp, renderMail, senderOf, ownServer, now } = options
  return async (request) => {
    const { tenantId, email, tenantName, mail, locale } = request
    const own = ownServer(tenantId, mail)
    if (own === 'sealed') return { outcome: 'deferred', reply: SEALED_REPLY }
    const from = senderOf(mail).address
    const to = toMailbox(email)
    const raw = await renderMail({
      email: to,
      ...sampleOf(request),
      tenantName,
      locale,
      mail,
      messageId: `${randomBytes(18).toString('base64url')}@${domainOf(from)}`,
      date: new Date(now()),
      ownHost: own?.host,
    })
    const cutOff = new CutOff()
    const { outcome, reply } = await new Promise<HandOver>((answer) => {
      const late = setTimeout(() => {
        cutOff.cut()
        answer(LATE)
      }, ATTEMPT_MS)
      void smtp.handOver({ from, to, raw, cutOff, own }).then((ended) => {
        clearTimeout(late)
        answer(ended)
      })
    })
    return { outcome, reply: withoutSecrets(reply, { email }) }
  }
}
