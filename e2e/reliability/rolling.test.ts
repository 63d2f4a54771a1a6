import { spawnSync } from 'node:child_process'
import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startPersistence } from '@emailauth/testing/services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FULL, form, report } from './form.ts'
import { type Front, type Pairs, startPairs } from './pairs.ts'
import { CALLERS, startSignIns } from './sign-in-load.ts'

const ROUNDS = form(1, 10)

const isInstalled = (front: Front) =>
  front === 'URL lists' || spawnSync(front, ['-v'], { stdio: 'ignore' }).error === undefined

describe.each(['URL lists', 'nginx', 'haproxy'] as const)('with %s', (front) => {
  const services = ['persistence', 'mailer', 'gateway'] as const
  // The short form rolls what the proxy's configuration decides about.
  const rolled = FULL || front === 'URL lists' ? services : (['gateway'] as const)
  const isTested = FULL || (front !== 'haproxy' && isInstalled(front))
  // One service after the other of the same system, as in a real roll-out.
  let all: Pairs
  beforeAll(async () => {
    if (isTested) all = await startPairs(front, rolled)
  })
  afterAll(() => all?.stop())

  test.runIf(isTested).each(rolled)(
    `%s is restarted under load${ROUNDS === 1 ? '' : `, both processes, ${ROUNDS} times`}: no call fails, every mail goes out`,
    async (name) => {
      const { smtp, pairs, proxies, call } = all
      const processes = pairs[name].slice(0, form(1, 2))
      const load = startSignIns(smtp, call)
      try {
        await load.goesOn(CALLERS)
        for (let round = 0; round < ROUNDS; round++) {
          for (const service of processes) {
            // As who rolls out: the next one follows when the proxy has this one back.
            await proxies[name]?.leavesOut(service.url)
            await load.isUnderWay()
            await service.roll()
            await proxies[name]?.sees(service.url)
            await load.goesOn(1)
          }
        }
      } finally {
        await load.stop()
      }
      report(`rolling restarts of ${name} with ${front}`, {
        restarts: processes.length * ROUNDS,
        signIns: load.signIns(),
        tooLate: load.tooLate(),
        failed: load.failures.length,
      })
      // As one text, because the difference of two lists does not say what is in them.
      const printed = Object.entries(proxies).map(([of, proxy]) => `\n${of}: ${proxy?.output() ?? ''}`)
      expect(load.failures.length === 0 ? '' : load.failures.join('\n') + printed.join('')).toBe('')
    },
    form(180_000, 1_800_000),
  )
})

test('after SIGTERM /readyz says 503 while work goes on, connections end with their replies, then the process ends by itself', async () => {
  const redis = keep(await startRedis())
  const env = { ...sharedEnv(redis.url), EMAILAUTH_DRAIN_SECONDS: '5' }
  const persistence = keep(await startPersistence({ env }))
  const ask = (path: string) =>
    fetch(`${persistence.url}${path}`, {
      headers: { authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}` },
    })
  expect((await ask('/v1/tenants')).headers.get('connection')).not.toBe('close')
  process.kill(persistence.pid, 'SIGTERM')
  await eventually(async () => {
    const ready = await ask('/readyz')
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining', checks: {} }])
  })
  const tenants = await ask('/v1/tenants')
  expect([tenants.status, tenants.headers.get('connection')]).toEqual([200, 'close'])
  // A second signal cuts it short.
  process.kill(persistence.pid, 'SIGTERM')
  await eventually(async () => expect(await ask('/healthz').catch(() => 'gone')).toBe('gone'))
})
