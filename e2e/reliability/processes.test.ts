import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import {
  sharedEnv,
  startGateway,
  startMailer,
  startPersistence,
  startServe,
} from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { startSystem } from '@emailauth/testing/system'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { form } from './form.ts'
import { createGatewayClient } from './gateway-client.ts'
import { audit, startLoad } from './load.ts'
import { isRunning, startServeWorld, workersOf } from './processes.ts'
import { freshAddress, numberIn } from './world.ts'

const KILLS = form(1, 50)
const CALLERS = 4
const ROUNDS_BETWEEN = 6
/** A mailer takes the mails of a dead one over when their lease of 5 s is over. */
const WAITING_MS = 60_000

const gone = (pids: readonly number[]) =>
  eventually(async () => {
    const running = await Promise.all(pids.map(isRunning))
    expect(running).toEqual(pids.map(() => false))
  }, WAITING_MS)

/** The numbers of the processes that metrics have come from. */
async function processesIn(url: string): Promise<string[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const found = [...metrics.matchAll(/^process_resident_memory_bytes\{.*process="(\d+)".*\}/gm)]
  return found.map(([, number]) => number ?? '').sort()
}

// The first test kills workers, the second ends all of it.
describe('two processes of one program', () => {
  let world: Awaited<ReturnType<typeof startServeWorld>>
  beforeAll(async () => {
    // It drains until the second signal, so nothing here depends on how fast the machine is.
    world = await startServeWorld(2, { EMAILAUTH_DRAIN_SECONDS: '600' })
  })
  afterAll(async () => {
    // After a failed test it would drain for ten minutes.
    await world?.service.kill()
    await world?.stop()
  })

  test(
    'kill -9 of a process under load: it comes back, and what was acknowledged holds',
    async () => {
      await eventually(
        async () => expect(await processesIn(world.service.url)).toEqual(['1', '2']),
        WAITING_MS,
      )
      const load = startLoad(world, world.key, CALLERS)
      const { used } = load.ledger
      for (let i = 0; i < KILLS; i++) {
        const goal = used.length + ROUNDS_BETWEEN
        await eventually(() => expect(used.length).toBeGreaterThan(goal), WAITING_MS)
        const workers = await workersOf(world.service.pid)
        const victim = workers[i % workers.length]
        if (victim === undefined) throw new Error('There is no process to kill.')
        process.kill(victim, 'SIGKILL')
        await eventually(async () => {
          expect(await processesIn(world.service.url)).toEqual(['1', '2'])
          expect(await workersOf(world.service.pid)).not.toContain(victim)
        }, WAITING_MS)
      }
      const ledger = await load.stop()
      expect(ledger.wrong).toEqual([])
      expect(await audit(world, world.key, ledger)).toMatchObject({ lost: 0, twice: 0 })
      expect(world.service.output()).toContain('a process ended; it is started again')
    },
    form(240_000, 3_600_000),
  )

  test('SIGTERM with calls under way: all of them are answered, and no process is left', async () => {
    const { service, client, key, smtp } = world
    await eventually(async () => expect(await processesIn(service.url)).toEqual(['1', '2']), WAITING_MS)
    const workers = await workersOf(service.pid)
    let open = () => {}
    const gate = new Promise<undefined>((resolve) => {
      open = () => resolve(undefined)
    })
    let waiting = 0
    smtp.script.data = () => {
      waiting += 1
      return gate
    }
    const calls = Array.from({ length: 12 }, () =>
      client.register(key, { email: freshAddress(), token: 't' }),
    )
    await eventually(() => expect(waiting).toBeGreaterThanOrEqual(12), WAITING_MS)

    process.kill(service.pid, 'SIGTERM')
    await eventually(async () => expect((await fetch(`${service.url}/readyz`)).status).toBe(503), WAITING_MS)
    // While it drains, new calls are still answered.
    delete smtp.script.data
    const late = await client.register(key, { email: freshAddress(), token: 't' })
    expect(late.kind).toBe('Registered')
    expect(late.delivery).not.toBe('FAILED')

    process.kill(service.pid, 'SIGTERM')
    open()
    const answers = await Promise.all(calls)
    expect(answers.map(({ kind }) => kind)).toEqual(Array(12).fill('Registered'))
    expect(answers.map(({ delivery }) => delivery)).not.toContain('FAILED')
    await gone([service.pid, ...workers])
  }, 240_000)
})

test('an environment that is not fit is told once, and nothing is left', async () => {
  const redis = keep(await startRedis())
  const env = { ...sharedEnv(redis.url), EMAILAUTH_PROCESSES: '3', EMAILAUTH_REDIS_URL: 'redis+sentinel://h' }
  const fault = await startServe({ env }).then(
    async (service) => {
      await service.stop()
      return ''
    },
    (error: Error) => error.message,
  )
  expect(fault.match(/A Sentinel URL reads/g)).toHaveLength(1)
})

test('each service alone in two processes: the round trip, and all end, also those whose first process is killed', async () => {
  const redis = keep(await startRedis())
  const smtp = keep(await startSmtp())
  const env = { ...sharedEnv(redis.url), EMAILAUTH_PROCESSES: '2', EMAILAUTH_METRICS_PUBLIC: 'true' }
  const persistence = keep(await startPersistence({ env }))
  const mailer = keep(await startMailer({ env: { ...env, EMAILAUTH_SMTP_URL: smtp.url } }))
  const urls = { EMAILAUTH_PERSISTENCE_URL: persistence.url, EMAILAUTH_MAILER_URL: mailer.url }
  const gateway = keep(await startGateway({ env: { ...env, ...urls } }))
  const services = [persistence, mailer, gateway]
  for (const { url } of services) {
    await eventually(async () => expect(await processesIn(url)).toEqual(['1', '2']), WAITING_MS)
  }
  const pids = (await Promise.all(services.map(({ pid }) => workersOf(pid)))).flat()
  expect(pids).toHaveLength(6)

  const reply = await fetch(`${persistence.url}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ scope: 'tenant', tenantId: 'demo', name: 'k' }),
  })
  const { key } = (await reply.json()) as { key: string }
  const client = createGatewayClient(gateway.url, 4)
  onTestFinished(() => client.close())
  const people = Array.from({ length: 8 }, freshAddress)
  const registered = await Promise.all(
    people.map((email) => client.register(key, { email, token: `for ${email}` })),
  )
  expect(registered.map(({ kind }) => kind)).toEqual(people.map(() => 'Registered'))
  const mailTo = (email: string) =>
    eventually(() => {
      const mail = smtp.mails.find(({ to }) => to.includes(email))
      if (mail === undefined) throw new Error(`No mail has come to ${email}.`)
      return mail
    }, WAITING_MS)
  const verified = await Promise.all(
    people.map(async (email) => client.verify(key, { number: numberIn(await mailTo(email)) })),
  )
  expect(verified.map(({ token }) => token)).toEqual(people.map((email) => `for ${email}`))
  await gateway.stop()
  await mailer.stop()
  await persistence.kill()
  await gone(pids)
})

test('emailauth serve runs all of it in the processes that it is asked for', async () => {
  const system = keep(await startSystem({ env: { EMAILAUTH_PROCESSES: '2' } }))
  const client = createGatewayClient(system.url, 1)
  onTestFinished(() => client.close())
  const email = freshAddress()
  expect(await client.register(system.apiKey, { email, token: 'hello' })).toMatchObject({
    kind: 'Registered',
  })
  const number = await system.numberFor(email)
  expect(await client.verify(system.apiKey, { number })).toMatchObject({ token: 'hello' })
  expect(await client.verify(system.apiKey, { number })).not.toMatchObject({ token: 'hello' })
})
