import type { EmailRejected, RateLimited } from '../client.ts'

export interface FakeIdentity {
  readonly id: string
  readonly email: string
  readonly token: string
  readonly number: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** Mails to one address, as the service limits them by default. */
const RATES = [
  { max: 1, windowSeconds: 30 },
  { max: 5, windowSeconds: 600 },
  { max: 20, windowSeconds: 86_400 },
] as const

/**
 * Identities, their numbers and their mails in memory.
 * @param now Unix milliseconds
 * @param limits whether mails to one address are limited
 */
export function createFakeStore(now: () => number, limits: boolean) {
  const identities = new Map<string, FakeIdentity>()
  const numbers = new Map<string, string>()
  const mailed = new Map<string, number[]>()
  const rejected = new Set<string>()

  const key = (email: string) => email.toLowerCase()
  const live = () => [...identities.values()].filter(({ expiresAt }) => expiresAt > now()).reverse()
  const find = (id: string) => live().find((each) => each.id === id)

  return {
    live,
    find,
    /** Trimmed, with its domain in lower case; undefined when it is no address. */
    readAddress(text: string): string | undefined {
      const match = /^([^\s@<>,;"]{1,64})@([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i.exec(text.trim())
      return match?.[1] === undefined || match[2] === undefined
        ? undefined
        : `${match[1]}@${match[2].toLowerCase()}`
    },
    /** Counts a mail to an address; why it is not sent, otherwise. */
    admit(email: string): EmailRejected | RateLimited | undefined {
      if (rejected.has(key(email))) {
        const message = 'The mail server refused the address.'
        return { __typename: 'EmailRejected', code: 'EMAIL_REJECTED', message }
      }
      const times = mailed.get(key(email)) ?? []
      const retryAfterSeconds = limits ? Math.max(...RATES.map((rate) => waitOf(rate, times, now()))) : 0
      if (retryAfterSeconds > 0) {
        const message = 'Too many mails to this address; try again later.'
        return { __typename: 'RateLimited', code: 'RATE_LIMITED', message, limit: 'EMAIL', retryAfterSeconds }
      }
      mailed.set(key(email), [...times, now()])
      return undefined
    },
    add(tenantId: string, email: string, token: string, seconds: number) {
      const replaced = live().find((each) => key(each.email) === key(email))
      if (replaced !== undefined) identities.delete(replaced.id)
      const id = `${tenantId}.${crypto.randomUUID().replaceAll('-', '')}`
      const number = generateNumber()
      const identity = { id, email, token, number, createdAt: now(), expiresAt: now() + seconds * 1000 }
      identities.set(id, identity)
      numbers.set(key(email), number)
      return { identity, replaced }
    },
    /** The identity of a number, once. */
    take(typed: string, matches: (identity: FakeIdentity) => boolean): FakeIdentity | undefined {
      const number = typed.replace(/\D/g, '')
      const found = live().find((each) => each.number === number && matches(each))
      if (found !== undefined) identities.delete(found.id)
      return found
    },
    remove(id: string): boolean {
      return find(id) !== undefined && identities.delete(id)
    },
    numberFor: (email: string) => numbers.get(key(email.trim())),
    reject(email: string) {
      rejected.add(key(email.trim()))
    },
  }
}

/** Seconds until one more mail keeps the rate; 0 or less: it does now. `times` in Unix milliseconds. */
function waitOf(
  { max, windowSeconds }: (typeof RATES)[number],
  times: readonly number[],
  now: number,
): number {
  const nth = times.at(-max)
  return nth === undefined ? 0 : Math.ceil((nth - now) / 1000 + windowSeconds)
}

function generateNumber(): string {
  const digits = crypto.getRandomValues(new Uint32Array(12))
  return Array.from(digits, (value) => value % 10).join('')
}
