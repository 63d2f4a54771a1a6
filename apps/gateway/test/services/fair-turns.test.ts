import { afterEach, expect, test } from 'vitest'
import { createFairTurns, MOST_UNDER_WAY } from '../../src/services/fair-turns.ts'
import { createPersistence } from '../../src/services/persistence/persistence-client.ts'
import { createVerifications } from '../../src/verification/verifications.ts'
import { startScriptedService } from './scripted-service.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

interface Call {
  readonly tenantId: string
  readonly requestId: string
}

/** Verifications whose calls arrive in a persistence that answers all of them. */
async function verifications() {
  const arrived: string[] = []
  const service = await startScriptedService(({ body }, response) => {
    const { requests } = body as { requests: Call[] }
    arrived.push(...requests.map(({ tenantId }) => tenantId))
    const verification = {
      identityId: `demo.${'x'.repeat(23)}`,
      email: 'e',
      token: 't',
      registeredAt: '2026-11-20T10:00:00.000Z',
    }
    const text = JSON.stringify({ results: requests.map(() => ({ verification })) })
    response.writeHead(200, { 'content-type': 'application/json' }).end(text)
  })
  const persistence = createPersistence({ url: service.url, serviceToken: 't'.repeat(32) })
  stops.push(persistence.close, service.stop)
  const { verify } = createVerifications(persistence, { drop() {} }, createFairTurns())
  let calls = 0
  const many = (tenantId: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, () => verify({ tenantId, requestId: `r${calls++}`, number: '1' })),
    )
  return { many, arrived }
}

test('a few calls reach persistence before most of a flood that came first', async () => {
  const { many, arrived } = await verifications()
  await many('small', 1)
  const flood = many('greedy', 10 * MOST_UNDER_WAY)
  await many('small', 10)
  const last = arrived.lastIndexOf('small')
  expect(last).toBeLessThan(4 * MOST_UNDER_WAY)
  await flood
  expect(arrived).toHaveLength(11 + 10 * MOST_UNDER_WAY)
})

test('two floods take turns', async () => {
  const { many, arrived } = await verifications()
  const all = [many('small', 1), many('first', 500), many('second', 500)]
  await Promise.all(all)
  const half = arrived.slice(0, 500).filter((tenantId) => tenantId === 'second').length
  expect(half).toBeGreaterThan(150)
  expect(half).toBeLessThan(350)
})

test('a fault of persistence gives the turn back', async () => {
  const turns = createFairTurns({ most: 1 })
  const failing = { verify: () => Promise.reject(new Error('gone')) } as never
  const { verify } = createVerifications(failing, { drop() {} }, turns)
  const call = (tenantId: string) => verify({ tenantId, requestId: 'r', number: '1' })
  await expect(call('a')).rejects.toThrow('gone')
  const both = [call('a'), call('b'), call('a'), call('b')]
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(Array(4).fill('rejected'))
})
