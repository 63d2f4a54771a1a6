import { eventually } from '@emailauth/testing/eventually'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ask,
  freshAddress,
  REGISTER,
  startWorldOfOwnPersistence,
  type WorldOfOwnPersistence,
} from '../world.ts'

/** How the server answers each address: the first answer first, the last one for good. */
const answers = new Map<string, (undefined | { code: number; text: string })[]>()
const GREYLISTED = { code: 451, text: '4.7.1 Greylisted, try again later' }
const NOBODY = { code: 550, text: '5.1.1 No such user' }

let world: WorldOfOwnPersistence
let other: FastifyInstance
beforeAll(async () => {
  world = await startWorldOfOwnPersistence({
    rcptTo(address) {
      const left = answers.get(address) ?? []
      return left.length > 1 ? left.shift() : left[0]
    },
  })
  // Two gateways, of which each may carry an outcome.
  other = await world.another()
})
afterAll(async () => {
  await other?.close()
  await world?.stop()
})

async function register(...said: (undefined | typeof NOBODY)[]): Promise<string> {
  const email = freshAddress()
  answers.set(email, said)
  const { data } = await ask(world.app, world.key, REGISTER, { input: { email, token: 't' } })
  expect(data.register).toMatchObject({ __typename: 'Registered', delivery: 'QUEUED' })
  return data.register.identityId
}

async function typesOf(id: string): Promise<string[]> {
  const { data } = await ask(world.app, world.key, '{ events(first: 200) { nodes { type identityId } } }')
  const events = data.events.nodes as { type: string; identityId: string }[]
  return events
    .filter(({ identityId }) => identityId === id)
    .map(({ type }) => type)
    .reverse()
}

test('each outcome of a greylisted mail in the queue is reported once', async () => {
  const [sent, refused] = await Promise.all([
    register(GREYLISTED, GREYLISTED, undefined),
    register(GREYLISTED, NOBODY),
  ])
  await eventually(async () => {
    expect(await typesOf(sent)).toEqual(['REGISTERED', 'DEFERRED', 'SENT'])
    expect(await typesOf(refused)).toEqual(['REGISTERED', 'DEFERRED', 'REJECTED'])
  })
  // Taken back, as a refusal at the send would have it.
  expect((await ask(world.app, world.key, `{ identity(id: "${refused}") { id } }`)).data.identity).toBeNull()
  // No outcome is left, so none can be reported twice.
  await eventually(async () => expect((await (await lease()).json()) as object).toEqual({ outcomes: [] }))
  expect(await typesOf(sent)).toEqual(['REGISTERED', 'DEFERRED', 'SENT'])
})

test('outcomes that wait during an outage of persistence are reported after it', async () => {
  const id = await register(GREYLISTED, undefined)
  await eventually(async () => expect(await typesOf(id)).toEqual(['REGISTERED', 'DEFERRED']))
  await world.persistence.kill()
  await eventually(async () => {
    const mailed = world.smtp.mails.some(({ to }) => answers.get(to[0] ?? '')?.length === 1)
    expect(mailed).toBe(true)
  })
  await world.persistence.restart()
  await eventually(async () => expect(await typesOf(id)).toEqual(['REGISTERED', 'DEFERRED', 'SENT']), 30_000)
})

function lease() {
  const { EMAILAUTH_MAILER_URL, EMAILAUTH_SERVICE_TOKEN } = world.env
  return fetch(`${EMAILAUTH_MAILER_URL}/v1/outcomes/lease`, {
    method: 'POST',
    headers: { authorization: `Bearer ${EMAILAUTH_SERVICE_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ max: 1 }),
  })
}
