import { randomBytes } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPersistence } from '../../src/app.ts'
import { faultCode } from '../calls.ts'
import { openStoreAt, type TestStore } from '../store.ts'

const TIMEOUT_MS = 200
const ADA = { kind: 'admin', id: 'ada@example.com' } as const

let master: TestRedis
let replica: TestRedis
let it: TestStore
beforeAll(async () => {
  master = await startRedis('--repl-diskless-sync-delay', '0')
  replica = await startRedis('--replicaof', `127.0.0.1 ${master.port}`)
  await eventually(async () => {
    if (!(await redisCommand(master.port, 'info', 'replication')).includes('state=online'))
      throw new Error('Not yet.')
  }, 30_000)
  it = await openStoreAt(master.url, { replicas: { count: 1, timeoutMs: TIMEOUT_MS } })
})
afterAll(async () => {
  await it?.close()
  await replica?.stop()
  await master?.stop()
})

/**
 * The outcome of a call while the replica hangs, then of the same call with the replica, even on a busy
 * machine.
 */
async function withoutAndWith<Reply>(call: () => Promise<Reply>): Promise<[string, Reply]> {
  process.kill(replica.pid, 'SIGSTOP')
  const without = await call()
    .then(() => 'answered', faultCode)
    .finally(() => process.kill(replica.pid, 'SIGCONT'))
  return [without, await eventually(call, 30_000)]
}
const onReplica = (key: string) => redisCommand(replica.port, 'get', key)

test('a tenant is made, changed and ended only when a replica knows', async () => {
  const { tenants } = it.store
  let made = 0
  const [creation] = await withoutAndWith(() => {
    made += 1
    return tenants.create({ id: `made-${made}`, name: 'x' })
  })
  expect(creation).toBe('unavailable')
  expect(await onReplica(`ea:tenant:made-${made}`)).toContain(`made-${made}`)

  const [change, changed] = await withoutAndWith(() => tenants.update('made-1', { status: 'disabled' }))
  expect([change, changed]).toMatchObject(['unavailable', { tenant: { status: 'disabled' } }])
  expect(await onReplica('ea:tenant:made-1')).toContain('disabled')

  const [end] = await withoutAndWith(() => tenants.remove('made-1'))
  expect(end).toBe('unavailable')
  expect(await onReplica('ea:tenant:made-1')).toContain('deleting')
})

test('an API key is made, rotated and revoked only when a replica knows; a revocation that is made again vouches for itself', async () => {
  const { apiKeys } = it.store
  const [creation, { apiKey }] = await withoutAndWith(() =>
    apiKeys.create({ scope: 'admin', name: 'x' }, ADA),
  )
  expect(creation).toBe('unavailable')
  expect(await onReplica(`ea:key:${apiKey.id}`)).toContain(apiKey.id)

  const [rotation] = await withoutAndWith(() =>
    apiKeys.rotate(apiKey.id, { overlapSeconds: 1000, actor: ADA, test: false }),
  )
  expect(rotation).toBe('unavailable')

  const beside = await openStoreAt(master.url, { secret: it.secret })
  expect(await beside.store.apiKeys.revoke(apiKey.id)).toBe(true)
  await beside.close()
  const [revocation, revoked] = await withoutAndWith(() => apiKeys.revoke(apiKey.id))
  expect([revocation, revoked], 'it was revoked by somebody who did not wait').toEqual(['unavailable', true])
  expect(await onReplica(`ea:key:${apiKey.id}`)).toMatch(/"revokedAt":"/)
})

test('a passkey is kept, named and removed, and a session ended, only when a replica knows', async () => {
  const { passkeys, sessions } = it.store
  const request = () => ({
    email: ADA.id,
    name: 'Laptop',
    credentialId: randomBytes(32).toString('base64url'),
    publicKey: 'AAAA',
    counter: 0,
    transports: [],
    isBackedUp: false,
  })
  const [creation, made] = await withoutAndWith(() => passkeys.create(request()))
  expect(creation).toBe('unavailable')
  const { id } = made as { id: string }
  expect(await onReplica(`ea:passkey:${id}`)).not.toBe('')
  const [naming] = await withoutAndWith(() => passkeys.rename(id, 'Desk'))
  expect(naming).toBe('unavailable')
  const [removal] = await withoutAndWith(() => passkeys.remove(id))
  expect(removal).toBe('unavailable')
  expect(await onReplica(`ea:passkey:${id}`)).toBe('')

  const { session } = await sessions.create(ADA.id, null)
  const [end] = await withoutAndWith(() => sessions.revoke(session.id))
  expect(end).toBe('unavailable')
})

test('/readyz says whether calls would be answered: not while the replica hangs', async () => {
  const app = await buildPersistence({ store: it.store, serviceToken: randomBytes(24).toString('hex') })
  try {
    const ready = async () => (await app.inject('/readyz')).json()
    const hangs = { status: 'unavailable', checks: { redis: 'unavailable' } }
    process.kill(replica.pid, 'SIGSTOP')
    try {
      await eventually(async () => expect(await ready()).toEqual(hangs), 30_000)
    } finally {
      process.kill(replica.pid, 'SIGCONT')
    }
    await eventually(async () => expect(await ready()).toEqual({ status: 'ok', checks: { redis: 'ok' } }))
  } finally {
    await app.close()
  }
})
