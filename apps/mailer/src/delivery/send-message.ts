import { toMailbox } from '@emailauth/contracts/email-address'
import type { MessageRequest } from '@emailauth/contracts/messages'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { inSpan } from '@emailauth/service/telemetry/tracing'
import { digestOf } from '../message-state/message-name.ts'
import { writeMessageToken } from '../message-tokens/message-token.ts'
import { writeReturnPath } from '../message-tokens/return-path.ts'
import type { RenderMail } from '../mime/mail-cache.ts'
import { domainOf } from '../mime/mailbox.ts'
import type { SenderOf } from '../mime/sender.ts'
import type { CutOff } from '../smtp/cut-off.ts'
import type { HandOver, Smtp } from '../smtp/hand-over.ts'
import { providerIdOf } from '../smtp/provider-id.ts'
import { withoutSecrets } from '../smtp/without-secrets.ts'
import { mailOf } from '../tenants/mail-of.ts'
import { type OwnServer, SEALED_REPLY } from '../tenants/own-server.ts'

/** How it ended, and what the SMTP server calls the mail that it took. */
export type SentMessage = HandOver & {
  readonly providerId: string | null
  /** When the next attempt may come, in Unix milliseconds, if a bound of ours says it. */
  readonly againAtMs?: number
}

/** Writes a message's mail and hands it to an SMTP server. */
export type SendMessage = (
  request: MessageRequest,
  remainingMs: number,
  cutOff: CutOff,
) => Promise<SentMessage>

export interface SendMessageOptions {
  readonly smtp: Smtp
  readonly renderMail: RenderMail
  readonly senderOf: SenderOf
  readonly ownServer: OwnServer
  /** Address for reports of failed deliveries. Absent: the sender. */
  readonly bounceAddress?: string | undefined
  /** Signs message tokens. */
  readonly ring: KeyRing
  /** Unix milliseconds. */
  readonly now: () => number
}

const SPAN = { kind: 'client' } as const

export function createSendMessage(options: SendMessageOptions): SendMessage {
  const { smtp, renderMail, senderOf, ownServer, ring, bounceAddress, now } = options
  return async (request, remainingMs, cutOff) => {
    const { tenantId, tenantName, email, number, locale } = request
    const mail = mailOf(request)
    const from = senderOf(mail).address
    const own = ownServer(tenantId, mail)
    if (own === 'sealed') return { outcome: 'deferred', reply: SEALED_REPLY, providerId: null }
    const sent = { digest: digestOf(request), tenantId, email }
    const token = writeMessageToken(ring.keys[0], sent)
    const messageId = `${token}@${domainOf(from)}`
    // A tenant's own relay does not use our bounce address.
    const envelopeFrom =
      bounceAddress === undefined || own !== undefined
        ? from
        : writeReturnPath(bounceAddress, ring.keys[0], sent)
    const to = toMailbox(email)
    const raw = await renderMail({
      email: to,
      number,
      tenantName,
      locale,
      mail,
      remainingMs,
      messageId,
      date: new Date(now()),
      ownHost: own?.host,
    })
    const { outcome, reply, relay, unanswered } = await inSpan('smtp hand-over', SPAN, () =>
      smtp.handOver({ from: envelopeFrom, to, raw, cutOff, own }),
    )
    const shown = withoutSecrets(reply, { email, number })
    const providerId = outcome === 'sent' ? providerIdOf(shown) : null
    return { outcome, reply: shown, relay, unanswered, providerId }
  }
}
