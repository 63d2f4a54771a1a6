import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Finding } from '@emailauth/contracts/diagnostics'
import type { RingKey } from '@emailauth/contracts/key-ring'
import { expect, test } from 'vitest'
import { readPlan } from '../up/home/plan.ts'
import { checkStore } from './check-store.ts'

test('missing replicas and an old Redis are reported, which no other check looks at', async () => {
  const finding = (code: Finding['code']): Finding => ({
    code,
    level: 'fail',
    detail: `${code}.`,
    fix: 'Repair it.',
  })
  const codes = ['redis-eviction', 'redis-not-persistent', 'redis-replicas', 'redis-version'] as const
  const keys: RingKey[] = [{ id: '0a1b2c3d', cipher: 'xchacha20-poly1305', newest: true, neededUntil: null }]
  // Persistence may be newer than this command, and its findings too.
  const findings = [
    ...codes.map(finding),
    { ...finding('redis-version'), code: 'of-tomorrow', detail: 'New.' },
  ]
  const persistence = createServer((request, response) =>
    response.end(JSON.stringify(request.url === '/v1/key-ring' ? { keys } : { findings })),
  ).listen(0, '127.0.0.1')
  await once(persistence, 'listening')
  try {
    const { port } = persistence.address() as AddressInfo
    const env = { EMAILAUTH_PERSISTENCE_PORT: String(port), EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32) }
    const found = async (isRedisChecked: boolean) =>
      (await checkStore(readPlan(env, '/nowhere'), env, { isRedisChecked })).map(({ state, detail }) => [
        state,
        detail,
      ])
    expect(await found(true)).toEqual([
      ['ok', '0a1b2c3d is the newest (xchacha20-poly1305)'],
      ['fail', 'redis-replicas.'],
      ['fail', 'redis-version.'],
      ['fail', 'New.'],
    ])
    // Without a check of its own, as in a container, the report on Redis is all there is.
    expect((await found(false)).map(([, detail]) => detail)).toEqual([
      '0a1b2c3d is the newest (xchacha20-poly1305)',
      ...codes.map((code) => `${code}.`),
      'New.',
    ])
  } finally {
    persistence.close()
  }
})
