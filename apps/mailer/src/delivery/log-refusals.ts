import type { Logger } from '@emailauth/service/logging/logger'
import type { OnTried } from '../relays/relays.ts'
import type { RefusalClass } from '../smtp/refusals/refusal-rules.ts'
import { relayName } from '../smtp/smtp-url.ts'
import { withoutSecrets } from '../smtp/without-secrets.ts'

/**
 * Each class of refusal is logged once in this time, with its count. Otherwise a relay in trouble would log
 * every mail.
 */
const EVERY_MS = 60_000
/** Bound of relays remembered, because tenants' relays come and go. */
const MOST_KEPT = 1000

/** What the operator should fix, for each class of refusal. */
const MEANING: Readonly<Record<Exclude<RefusalClass, 'recipient' | 'temporary'>, string>> = {
  'mailbox-full': 'the mailbox is full',
  sender: 'the relay does not accept the sender: look at SPF, DKIM, DMARC and the sender address',
  blocked: 'the address of the relay or of this host is on a block list',
  limit: 'a sending limit is reached',
  relaying: 'the relay does not take mail for this recipient from us',
  credentials: 'the relay wants TLS or credentials',
  content: 'the relay does not accept what the mail says',
  policy: 'a policy of the relay is against it',
  protocol: 'the relay did not understand or expect a command',
  other: 'the relay does not say why in a form that is known',
}

/**
 * Logs why relays refuse mails, except temporary faults and bad recipients. Never logs an address, number or
 * credential.
 */
export function createLogRefusals(logger: Pick<Logger, 'warn'> | undefined, now: () => number): OnTried {
  const seen = new Map<string, { loggedAtMs: number; since: number }>()
  return (server, { refusal, reply }, { to }) => {
    if (refusal === undefined || refusal === 'recipient' || refusal === 'temporary') return
    const key = `${relayName(server)} ${refusal}`
    const known = seen.get(key)
    if (known !== undefined && now() - known.loggedAtMs < EVERY_MS) {
      known.since++
      return
    }
    if (seen.size >= MOST_KEPT) seen.clear()
    seen.set(key, { loggedAtMs: now(), since: 0 })
    logger?.warn(
      {
        relay: relayName(server),
        class: refusal,
        reply: withoutSecrets(reply, { email: to.replaceAll('"', '') }),
        moreSinceLastLine: known?.since ?? 0,
      },
      `a relay refused a mail: ${MEANING[refusal]}`,
    )
  }
}
