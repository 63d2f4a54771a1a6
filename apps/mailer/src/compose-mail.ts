import { createPendingOutcomes } from './delivery/pending-outcomes.ts'
import type { MailerOptions } from './mailer-options.ts'
import { createMessageIndex } from './message-state/message-index.ts'
import { createMessageKeys } from './message-state/message-keys.ts'
import { createMessageStore } from './message-state/message-store.ts'
import { extraHeaders } from './mime/extra-headers.ts'
import { createMailRenderer } from './mime/mail-cache.ts'
import { createSenderOf } from './mime/sender.ts'
import { createOutcomeList } from './outcomes/outcome-list.ts'
import { spareDelivered } from './outcomes/spare-delivered.ts'
import { defaultClientName } from './smtp/client-name.ts'
import { createSuppressions } from './suppressions/suppression-store.ts'
import { createOwnServer } from './tenants/own-server.ts'

/** The parts of the mailer that stand below delivery. */
export type ComposedMail = ReturnType<typeof composeMail>

/** Composes what is kept of mails, and what they are made of and sent through. */
export function composeMail(options: MailerOptions) {
  const { redis, keyRing, from, logger, now = Date.now, learnNow } = options
  const clientName = options.clientName ?? defaultClientName(from)
  const smtpServers = options.smtpServers.map((server) => ({ ...server, clientName }))
  const keys = createMessageKeys(redis)
  const store = createMessageStore({ redis, keys, ring: keyRing, now, learnNow, logger })
  const senderOf = createSenderOf(from)
  return {
    keys,
    store,
    index: createMessageIndex(redis, keys, now),
    toRecord: createPendingOutcomes(store, logger, now),
    outcomes: spareDelivered(createOutcomeList(redis, now), store),
    suppressions: createSuppressions(redis, keyRing, now),
    smtpServers,
    senderOf,
    ownServer: createOwnServer({
      ring: keyRing,
      allowPrivate: options.allowPrivateSmtp ?? false,
      allowPlaintext: options.allowPlaintextSmtp ?? false,
      clientName,
    }),
    renderMail: createMailRenderer(senderOf, options.dkimKeys ?? [], (ownHost, mail) => {
      const hosts = ownHost === undefined ? smtpServers.map(({ host }) => host) : [ownHost]
      const ofTenant = mail?.headers?.map(({ name, value }) => [name, value]) ?? []
      return extraHeaders(hosts, options.extraHeaders ?? {}, Object.fromEntries(ofTenant))
    }),
  }
}
