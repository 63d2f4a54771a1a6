import { randomInt, randomUUID } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { startGateway } from '@emailauth/testing/services'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { form, report } from './form.ts'
import { createGatewayClient } from './gateway-client.ts'
import { startGetThenDel } from './get-then-del.ts'
import { type Prize, runRaces } from './races.ts'
import { freshAddress, startWorld, type World } from './world.ts'

/** Two steps in place of one gave two tokens in 35 of 50 races. */
const RACES = form(100, 100_000)
const RACES_OF_TWO_STEPS = 20
const CALLERS = 20
/** Every race costs its tenant 19 misses of the 100,000 that it may have in an hour. */
const RACES_OF_A_TENANT = 5000

let world: World
beforeAll(async () => {
  world = await startWorld({ pairs: 2 })
})
afterAll(() => world?.stop())

test(
  `of ${CALLERS} callers with one number exactly one gets the token, ${RACES} times`,
  async () => {
    let planted = 0
    let tenantId = ''
    let apiKey = ''
    const plant = async (count: number): Promise<Prize[]> => {
      if (planted % RACES_OF_A_TENANT < count) {
        apiKey = await world.newTenant()
        tenantId = await tenantOf(apiKey)
      }
      planted += count
      const requests = Array.from({ length: count }, () => ({
        tenantId,
        requestId: randomUUID(),
        email: freshAddress(),
        token: randomUUID(),
      }))
      // A busy machine may miss a time-out; the same requests get the same numbers.
      return eventually(async () => {
        const { results } = (await world.persist('/v1/registrations/batch', { requests })) as {
          results: { registration: { number: string } }[]
        }
        return results.map(({ registration: { number } }, i) => ({
          number,
          token: requests[i]?.token ?? '',
          apiKey,
        }))
      })
    }
    const startedAt = performance.now()
    const tally = await runRaces({
      gateways: world.clients,
      races: RACES,
      callersEach: CALLERS,
      atOnce: 20,
      plant,
    })
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    report('races of 20 callers over two gateways and two persistence processes', { ...tally, seconds })
    expect(tally).toMatchObject({ races: RACES, doubles: 0, none: 0, wrongToken: 0 })
  },
  form(240_000, 3_600_000 * 3),
)

test('the same races find the doubles of a persistence that reads and deletes in two steps', async () => {
  const broken = await startGetThenDel(world.redis.url)
  const env = {
    EMAILAUTH_SERVICE_TOKEN: world.env.EMAILAUTH_SERVICE_TOKEN,
    EMAILAUTH_PERSISTENCE_URL: broken.url,
    EMAILAUTH_MAILER_URL: world.mailer.url,
    EMAILAUTH_LOG_LEVEL: 'silent',
  }
  const gateways = [await startGateway({ env }), await startGateway({ env })]
  const clients = gateways.map(({ url }) => createGatewayClient(url))
  try {
    const apiKey = await world.newTenant()
    const plant = (count: number) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const prize = { number: String(randomInt(10 ** 11, 10 ** 12)), token: randomUUID(), apiKey }
          await broken.plant(prize.number, prize.token)
          return prize
        }),
      )
    const tally = await runRaces({
      gateways: clients,
      races: RACES_OF_TWO_STEPS,
      callersEach: CALLERS,
      atOnce: 1,
      plant,
    })
    report('the same against GET then DEL', tally)
    expect(tally.races).toBe(RACES_OF_TWO_STEPS)
    expect(tally.doubles).toBeGreaterThan(0)
  } finally {
    await Promise.all(clients.map((client) => client.close()))
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    await broken.stop()
  }
})

async function tenantOf(apiKey: string): Promise<string> {
  const { text } = await world.clients[0]!.ask(apiKey, '{ viewer { tenant { id } } }')
  return JSON.parse(text).data.viewer.tenant.id
}
