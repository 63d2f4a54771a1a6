import {
  SIGN_IN_DIGITS,
  SIGN_IN_SECONDS,
  SIGN_IN_TRIES,
  type SignInFinish,
  type SignInReply,
  type SignInRequest,
} from '@emailauth/contracts/sign-ins'
import type { Rate } from '@emailauth/contracts/tenants'
import { readTypedNumber } from '@emailauth/contracts/typed-number'
import { digest } from '@emailauth/secrets/digest'
import type { RingKey } from '@emailauth/secrets/key-ring'
import { seal, unseal } from '@emailauth/secrets/seal'
import { generateNumber } from '../numbers/generate.ts'
import { keys } from '../store/keys.ts'
import { nowArgument, type StoreContext } from '../store/partition.ts'
import { withReplicas } from '../store/replicas.ts'
import { scripts } from '../store/scripts.ts'
import { MAILS_PER_TICKET, PER_ADDRESS, PER_DEVICE, PER_NETWORK, toArgument } from './sign-in-rates.ts'

/**
 * Numbers with which admins sign in. They are not identities. Each belongs to one ticket, which is a secret
 * of one browser, so that nobody without the ticket can use up its tries or replace it.
 */
export interface SignInStore {
  /** The number of a ticket, to be mailed, or the reason why none is mailed. */
  begin(request: SignInRequest): Promise<SignInReply>
  /** Whether this is the ticket's number. Answers true only once. */
  finish(request: SignInFinish): Promise<boolean>
}

const LIFE_MS = SIGN_IN_SECONDS * 1000

/** Whether an admin has a passkey is looked up here. */
interface Passkeys {
  ofAdmin(email: string): Promise<readonly unknown[]>
}

export function createSignInStore(context: StoreContext, passkeys: Passkeys): SignInStore {
  const { redis, ring, replicas } = context
  // That reads the passkeys of all admins, and strangers can cause it. So they are read only where one bars.
  const isBarredBy = async (unlessPasskey: boolean, email: string) =>
    unlessPasskey && (await passkeys.ofAdmin(email)).length > 0
  /** Of logs that a key rotation left behind. Only processes with the former ring still add to them. */
  const momentsIn = async (logs: readonly string[]): Promise<readonly string[]> => {
    const listed = await Promise.all(logs.map((log) => redis.zrange(log, '0', '-1', 'WITHSCORES')))
    return listed.flatMap((pairs) => pairs.filter((_, at) => at % 2 === 1))
  }

  return {
    async begin({ ticketId, email, network, device, decoy, unlessPasskey }) {
      const isBarred = await isBarredBy(unlessPasskey, email)
      const [key, ...olderKeys] = ring.keys
      const number = generateNumber(SIGN_IN_DIGITS, 0, 1)
      const ticket = keys.signInTicket(addressDigest(key, email), ticketId)
      const budgets = budgetsOf(network, device)
      const logOf = ({ logName }: Budget, by: RingKey) =>
        keys.signInLog(addressDigest(by, email), logName(by))
      const olderMoments = await Promise.all(
        budgets.map((budget) => momentsIn(olderKeys.map((older) => logOf(budget, older)))),
      )
      const reply = await withReplicas(redis, ticket, replicas, () =>
        scripts.signInBegin(redis, [ticket, ...budgets.map((budget) => logOf(budget, key))], {
          now: nowArgument(context),
          lifeMs: LIFE_MS,
          mostMails: MAILS_PER_TICKET,
          decoy: decoy || isBarred ? '1' : '0',
          digest: numberDigest(key, ticketId, number),
          sealed: seal(ring, sealContextOf(ticketId), number),
          ticket: ticketId,
          each: budgets.map(({ name, rates }, at) => ({
            name,
            rates: toArgument(rates),
            older: olderMoments[at]?.join(',') ?? '',
          })),
        }),
      )
      if (reply.kind === 'refused')
        return { refused: reply.why === 'decoy' && isBarred ? 'passkey' : reply.why }
      return {
        number: unseal(ring, sealContextOf(ticketId), reply.sealed),
        expiresAt: new Date(reply.expiresAtMs).toISOString(),
        mail: reply.mail,
      }
    },

    async finish({ ticketId, email, number: typed, unlessPasskey }) {
      const number = readTypedNumber(typed)
      if (number === undefined) return false
      const isBarred = await isBarredBy(unlessPasskey, email)
      let isRight = false
      // The name of a ticket comes from the key that was the newest when it began.
      for (const key of ring.keys) {
        const ticket = keys.signInTicket(addressDigest(key, email), ticketId)
        const now = nowArgument(context)
        const args = { now, digest: numberDigest(key, ticketId, number), mostTries: SIGN_IN_TRIES }
        const reply = await withReplicas(redis, ticket, replicas, () =>
          scripts.signInFinish(redis, [ticket], args),
        )
        isRight ||= reply === 'right'
      }
      return isRight && !isBarred
    },
  }
}

/** A limit of mails to an address. */
interface Budget {
  readonly name: 'network' | 'address' | 'device'
  readonly logName: (key: RingKey) => string
  readonly rates: readonly Rate[]
}

function budgetsOf(network: string, device: string | undefined): readonly Budget[] {
  if (device !== undefined) return [{ name: 'device', logName: () => `d:${device}`, rates: PER_DEVICE }]
  return [
    { name: 'network', logName: (key) => `n:${digestOf(key, network)}`, rates: PER_NETWORK },
    { name: 'address', logName: () => 'all', rates: PER_ADDRESS },
  ]
}

const sealContextOf = (ticketId: string) =>
  ({ purpose: 'sign-in', additionalData: `sign-in:${ticketId}` }) as const
const addressDigest = (key: RingKey, email: string) =>
  digest(key, 'address', `sign-in\n${email}`, 16).toString('hex')
const digestOf = (key: RingKey, network: string) =>
  digest(key, 'client-ip', `sign-in\n${network}`, 12).toString('hex')
const numberDigest = (key: RingKey, ticketId: string, number: string) =>
  digest(key, 'number', `sign-in\n${ticketId}\n${number}`, 16)
