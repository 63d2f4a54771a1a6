import { randomUUID } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { form, report } from './form.ts'
import { type Answer, type GatewayClient, isAnswered } from './gateway-client.ts'
import { testGhosts } from './ghosts.ts'
import type { Link } from './link.ts'
import { freshAddress, startWorld, type World } from './world.ts'

const STALL_MS = form(4500, 5000)

type Way = 'gateway to persistence' | 'persistence to Redis'

interface Fault {
  readonly name: string
  /**
   * Breaks a link before calls start. The result restores it while they run, and resolves when the link
   * works.
   */
  strike(link: Link): (calls: Promise<unknown>) => Promise<unknown>
  /** How all calls end at first, where that does not depend on the connections they happen to get. */
  readonly atFirst: Readonly<Partial<Record<Way, 'answered' | 'failed'>>>
}

const FAULTS: readonly Fault[] = [
  {
    name: 'replies are lost',
    strike(link) {
      link.set('no-replies')
      return async () => {
        await quiet(link)
        link.cut()
        link.set('none')
      }
    },
    // The gateway repeats its call by itself.
    atFirst: { 'gateway to persistence': 'answered', 'persistence to Redis': 'answered' },
  },
  {
    name: 'the connection is cut in the middle of a reply',
    strike(link) {
      const cut = link.cutReplyAfter(20)
      return () => cut
    },
    // Behind persistence as well, if it learns of the cut soon enough to be asked again.
    atFirst: { 'gateway to persistence': 'answered' },
  },
  {
    name: `a stall of ${STALL_MS / 1000} s`,
    strike(link) {
      link.set('stalled')
      const stalledAt = performance.now()
      return async (calls) => {
        await calls
        await eventually(() => expect(performance.now() - stalledAt).toBeGreaterThan(STALL_MS), STALL_MS)
        link.set('none')
      }
    },
    atFirst: { 'gateway to persistence': 'failed', 'persistence to Redis': 'failed' },
  },
  {
    name: 'half-open connections',
    strike(link) {
      link.freeze()
      return async (calls) => {
        await calls
        // Those that nobody happened to use would lame the next test.
        link.cut()
      }
    },
    // The silent connection is given up after a second, and the gateway asks once more.
    atFirst: { 'persistence to Redis': 'answered' },
  },
]

/** Resolves once nothing has passed towards the server for a while: what was asked has arrived. */
async function quiet(link: Link): Promise<void> {
  let before = -1
  let since = 0
  await eventually(() => {
    const now = link.bytesForward()
    if (now !== before) since = performance.now()
    before = now
    expect(performance.now() - since).toBeGreaterThan(100)
  })
}

let world: World
/** The gateway whose way breaks, and one beside it whose way is well. */
let it: GatewayClient
let beside: GatewayClient
beforeAll(async () => {
  world = await startWorld({ pairs: 2, linked: true })
  ;[it, beside] = world.clients as [GatewayClient, GatewayClient]
})
// Also when a test fails, because all of them share the links.
afterEach(() => {
  for (const link of Object.values(world.links ?? {})) link.set('none')
})
afterAll(() => world?.stop())

/** An address with a live number. */
async function someone(key: string) {
  const email = freshAddress()
  const token = randomUUID()
  const { kind, identityId } = await beside.register(key, { email, token })
  expect(kind).toBe('Registered')
  return { email, token, identityId, number: newestNumber(email) }
}

function newestNumber(email: string): string {
  const number = world.numbersMailedTo(email).at(-1)
  if (number === undefined) throw new Error('No mail has come.')
  return number
}

/** Asks until there is an answer, as a caller does who named the call. */
const untilAnswered = (call: () => Promise<Answer>) =>
  eventually(async () => {
    const answer = await call()
    if (!isAnswered(answer)) throw new Error(answer.text)
    return answer
  })

describe.each<Way>(['gateway to persistence', 'persistence to Redis'])('%s', (way) => {
  test.each(FAULTS)('$name: one answer to a named call, no token twice', async (fault) => {
    const key = await world.newTenant()
    // The gateway knows key and tenant, so that the fault meets the calls themselves.
    await it.register(key, { email: freshAddress(), token: 't' })
    const [named, unnamed, renamed, replaced] = await Promise.all(
      Array.from({ length: 4 }, () => someone(key)),
    )
    if (!named || !unnamed || !renamed || !replaced) throw new Error('Nobody is there.')
    const link = world.links![way]
    const verifyNamed = () => it.verify(key, { number: named.number, idempotencyKey: `v-${named.token}` })
    const token = randomUUID()
    const registerNamed = () =>
      it.register(key, { email: renamed.email, token, idempotencyKey: `r-${token}` })

    const repair = fault.strike(link)
    const calls = Promise.all([
      verifyNamed(),
      it.verify(key, { number: unnamed.number }),
      registerNamed(),
      it.register(key, { email: replaced.email, token }),
    ])
    await repair(calls)
    const [firstNamed, firstUnnamed, firstRenamed, firstReplaced] = await calls
    report(`${way}, ${fault.name}`, {
      verify: described(firstUnnamed),
      'verify, named': described(firstNamed),
      register: described(firstReplaced),
      'register, named': described(firstRenamed),
    })

    for (const answer of await calls) {
      const ended = isAnswered(answer) ? 'answered' : 'failed'
      expect(ended, answer.text).toBe(fault.atFirst[way] ?? ended)
    }

    // Named calls: one answer, however often they are asked, and what it says holds.
    const verified = await untilAnswered(verifyNamed)
    expect(verified).toMatchObject({ kind: 'Verified', token: named.token })
    expect(await untilAnswered(verifyNamed)).toMatchObject({ kind: 'Verified', token: named.token })
    expect((await beside.verify(key, { number: named.number })).kind).toBe('WrongCredentials')
    const registered = await untilAnswered(registerNamed)
    expect(registered.kind).toBe('Registered')
    if (isAnswered(firstRenamed)) expect(firstRenamed.identityId).toBe(registered.identityId)
    expect((await untilAnswered(registerNamed)).identityId).toBe(registered.identityId)
    expect(world.numbersMailedTo(renamed.email), 'the old number and the new one').toHaveLength(2)
    expect((await beside.verify(key, { number: renamed.number })).kind).toBe('WrongCredentials')
    expect(await beside.verify(key, { number: newestNumber(renamed.email) })).toMatchObject({ token })

    // Without a name a failed call may have taken effect, but no token comes twice.
    const afterwards = await beside.verify(key, { number: unnamed.number })
    const tokens = [firstUnnamed, afterwards].filter(({ kind }) => kind === 'Verified')
    expect(tokens.length, described(firstUnnamed)).toBeLessThanOrEqual(1)
    if (isAnswered(firstUnnamed)) expect(firstUnnamed.kind).toBe('Verified')
    expect((await beside.verify(key, { number: unnamed.number })).kind).toBe('WrongCredentials')

    // A register that was acknowledged holds; the number before it is dead then.
    if (isAnswered(firstReplaced)) {
      expect((await beside.verify(key, { number: replaced.number })).kind).toBe('WrongCredentials')
      expect((await beside.verify(key, { number: newestNumber(replaced.email) })).kind).toBe('Verified')
    }
  })
})

// Of the same five processes.
describe('a call that failed', () => testGhosts(() => world))

/** An answer, for the measurements. */
function described({ kind, ms }: Answer): string {
  return `${kind} after ${Math.round(ms)} ms`
}
