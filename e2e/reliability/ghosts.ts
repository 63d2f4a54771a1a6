import { randomUUID } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { beforeAll, expect, test } from 'vitest'
import { type GatewayClient, isAnswered } from './gateway-client.ts'
import { freshAddress, type World } from './world.ts'

/**
 * A call that failed for its caller takes no effect later, even if its bytes are held up and arrive after
 * the time-out. Each call carries its deadline.
 * @param running answers a world of two gateways, of which the first is linked
 */
export function testGhosts(running: () => World): void {
  let world: World
  /** The gateway whose way breaks, and one beside it whose way is well. */
  let it: GatewayClient
  let beside: GatewayClient
  let key: string
  beforeAll(async () => {
    world = running()
    ;[it, beside] = world.clients as [GatewayClient, GatewayClient]
    key = await world.newTenant()
  })

  /** The first gateway asks until it is answered: whatever it still had under way has arrived by then. */
  const settled = () =>
    eventually(async () => {
      expect(isAnswered(await it.register(key, { email: freshAddress(), token: 'any' }))).toBe(true)
    }, 10_000)

  /** A register fails in a stall, the caller asks by another way and is answered, and the stall ends. */
  async function failedThenAskedAgain(way: 'gateway to persistence' | 'persistence to Redis', name: object) {
    await settled()
    const call = { email: freshAddress(), token: randomUUID(), ...name }
    const link = world.links![way]
    link.set('stalled')
    const failed = await it.register(key, call)
    const again = await beside.register(key, call)
    link.set('none')
    await settled()
    const number = world.numbersMailedTo(call.email).at(-1)
    return { kinds: [failed.kind, again.kind], verified: await beside.verify(key, { number }), ...call }
  }

  const WAYS = ['gateway to persistence', 'persistence to Redis'] as const
  const KINDS = ['SERVICE_UNAVAILABLE', 'Registered']

  test.each(WAYS)('%s: a named register that failed in a stall and was asked again is one', async (way) => {
    const { kinds, verified, token } = await failedThenAskedAgain(way, { idempotencyKey: randomUUID() })
    expect(kinds).toEqual(KINDS)
    expect(verified).toMatchObject({ kind: 'Verified', token })
  })

  test.each(WAYS)(
    '%s: a register that failed in a stall does not come later and kill the next one',
    async (way) => {
      const { kinds, verified, token } = await failedThenAskedAgain(way, {})
      expect(kinds).toEqual(KINDS)
      expect(verified).toMatchObject({ kind: 'Verified', token })
    },
  )

  test.each(WAYS)('%s: a verify that failed in a stall does not use the number up later', async (way) => {
    await settled()
    const email = freshAddress()
    await beside.register(key, { email, token: 'kept' })
    const number = world.numbersMailedTo(email).at(-1)
    const link = world.links![way]
    link.set('stalled')
    expect((await it.verify(key, { number })).kind).toBe('SERVICE_UNAVAILABLE')
    link.set('none')
    await settled()
    expect(await beside.verify(key, { number })).toMatchObject({ kind: 'Verified', token: 'kept' })
  })

  test('a register that failed while Redis hung is not done when Redis goes on', async () => {
    await settled()
    const email = freshAddress()
    const kept = await beside.register(key, { email, token: 'kept' })
    process.kill(world.redis.pid, 'SIGSTOP')
    try {
      expect((await it.register(key, { email, token: 'failed' })).kind).toBe('SERVICE_UNAVAILABLE')
    } finally {
      process.kill(world.redis.pid, 'SIGCONT')
    }
    await settled()
    // The other gateway may still be without its connection.
    await eventually(async () => expect(await beside.identityOf(key, email)).toBe(kept.identityId), 10_000)
    const number = world.numbersMailedTo(email).at(-1)
    expect(await beside.verify(key, { number })).toMatchObject({ kind: 'Verified', token: 'kept' })
  })
}
