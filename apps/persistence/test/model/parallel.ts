import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Tenant } from '@emailauth/contracts/tenants'
import fc from 'fast-check'
import type { Store } from '../../src/open-store.ts'
import { type Registered, register, verify } from '../calls.ts'
import type { Event, Operation } from './history.ts'

/**
 * A command of a client: to which address, and to which of the identities that the address has had so far.
 */
export interface Command {
  readonly act:
    | 'register'
    | 'register-short'
    | 'verify'
    | 'verify-bound'
    | 'verify-wrong'
    | 'revoke'
    | 'refuse'
    | 'resend'
    | 'pause'
  readonly address: number
  readonly pick: number
}

const ADDRESSES = ['ada@example.com', 'bob@example.com']
/** Redis and this process have the same clock, but do not read it at the same moment. */
const CLOCK_SLACK_MS = 4
/** Short enough to end within a history. */
const SHORT_LIFE_SECONDS = 0.012
const PAUSE_MS = 8

const command = fc.record<Command>({
  act: fc.oneof(
    { weight: 3, arbitrary: fc.constant('register' as const) },
    { weight: 1, arbitrary: fc.constant('register-short' as const) },
    { weight: 5, arbitrary: fc.constant('verify' as const) },
    { weight: 2, arbitrary: fc.constantFrom('verify-bound' as const, 'verify-wrong' as const) },
    { weight: 2, arbitrary: fc.constantFrom('revoke' as const, 'refuse' as const, 'resend' as const) },
    { weight: 1, arbitrary: fc.constant('pause' as const) },
  ),
  address: fc.nat(ADDRESSES.length - 1),
  // Mostly the newest identity, because races are about that one.
  pick: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
})

/** The commands of each client. A client runs them one after the other. */
export const programs = fc.array(fc.array(command, { minLength: 4, maxLength: 9 }), {
  minLength: 3,
  maxLength: 6,
})

/**
 * Runs the clients in parallel over several stores, like several services. Answers the history of each
 * address.
 */
export async function runClients(
  stores: readonly Store[],
  tenant: Tenant,
  clients: readonly (readonly Command[])[],
): Promise<Operation[][]> {
  const histories: Operation[][] = ADDRESSES.map(() => [])
  const known: Registered[][] = ADDRESSES.map(() => [])

  // A process that is stopped between the two readings sees too little, so the most of several counts.
  const sinceEpoch = Math.max(...Array.from({ length: 20 }, () => Date.now() - performance.now()))

  const run = async (store: Store, { act, address, pick }: Command) => {
    const invokedAt = performance.now()
    const event = await perform(store, tenant, act, address, known, pick)
    if (event !== undefined) histories[address]?.push({ event, invokedAt, returnedAt: performance.now() })
  }

  await Promise.all(
    clients.map(async (commands, client) => {
      const store = stores[client % stores.length] as Store
      for (const next of commands) await run(store, next)
    }),
  )

  known.forEach((made, address) => {
    for (const { identityId, expiresAt } of made) {
      const expiredAt = Date.parse(expiresAt) - sinceEpoch
      const window = { invokedAt: expiredAt - CLOCK_SLACK_MS, returnedAt: expiredAt + CLOCK_SLACK_MS }
      histories[address]?.push({ event: { kind: 'expire', target: identityId }, ...window })
    }
  })
  return histories
}

async function perform(
  store: Store,
  tenant: Tenant,
  act: Command['act'],
  address: number,
  known: readonly Registered[][],
  pick: number,
): Promise<Event | undefined> {
  const email = ADDRESSES[address] as string
  const mine = known[address] as Registered[]
  if (act === 'register' || act === 'register-short') {
    const life = act === 'register' ? {} : { expiresInSeconds: SHORT_LIFE_SECONDS }
    const made = await register(store, tenant, { email, token: email, ...life })
    mine.push(made)
    return { kind: 'register', made: made.identityId, replaced: made.replacedIdentityId }
  }
  if (act === 'pause') {
    await wait(PAUSE_MS)
    return undefined
  }
  const target = mine.at(-1 - pick) ?? mine.at(-1)
  if (target === undefined) return undefined
  const { identityId, number } = target
  const other = ADDRESSES[1 - address] as string
  switch (act) {
    case 'verify':
      return {
        kind: 'verify',
        target: identityId,
        fits: true,
        won: await wins(store, tenant, number, target),
      }
    case 'verify-bound': {
      const won = await wins(store, tenant, number, target, { identityId, email })
      return { kind: 'verify', target: identityId, fits: true, won }
    }
    case 'verify-wrong': {
      const won = await wins(store, tenant, number, target, { email: other })
      return { kind: 'verify', target: identityId, fits: false, won }
    }
    case 'resend': {
      const call = { tenantId: tenant.id, requestId: randomUUID(), identityId }
      const answer = await store.resend(tenant, call)
      if ('registration' in answer && answer.registration.number !== number)
        throw new Error('Another number was mailed.')
      return { kind: 'resend', target: identityId, found: 'registration' in answer }
    }
    default:
      return { kind: 'remove', target: identityId, removed: await store.identities[act](identityId) }
  }
}

/** Whether a verify got the token. Throws when it is not the registered one. */
async function wins(
  store: Store,
  tenant: Tenant,
  number: string,
  target: Registered,
  beside: { identityId?: string; email?: string } = {},
): Promise<boolean> {
  const answer = await verify(store, tenant, number, beside)
  if ('problem' in answer) {
    if (answer.problem.code !== 'wrong-credentials') throw new Error(answer.problem.detail)
    return false
  }
  const { identityId, token } = answer.verification
  if (identityId !== target.identityId || token !== target.email)
    throw new Error('Another token was handed out.')
  return true
}
