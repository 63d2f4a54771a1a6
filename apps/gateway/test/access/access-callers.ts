import { crc32 } from 'node:zlib'
import { eventually } from '@emailauth/testing/eventually'
import { redisCommand } from '@emailauth/testing/redis-command'
import { expect } from 'vitest'
import { ask, freshAddress, REGISTER, startWorld } from '../world.ts'

/** An admin who may look and change nothing. */
export const AUDITOR = 'grace@example.com'

export type AccessCallers = Awaited<ReturnType<typeof startAccessCallers>>

/** A gateway that listens, keys and sessions of each kind, and what belongs to the tenant `demo`. */
export async function startAccessCallers() {
  const world = await startWorld({}, { readOnlyAdminEmails: [AUDITOR] })
  const url = await world.app.listen({ host: '127.0.0.1', port: 0 })
  const keys = await makeKeys(world)
  const session = await world.newSession()
  const expired = await world.newSession()
  await redisCommand(world.redis.port, 'PEXPIRE', `ea:session:${expired.id}`, '1')
  await eventually(async () =>
    expect(await redisCommand(world.redis.port, 'EXISTS', `ea:session:${expired.id}`)).toBe('0'),
  )
  const signedOut = await world.newSession()
  await ask(world.app, undefined, 'mutation { signOut }', {}, { cookie: signedOut.cookie })
  // The first one of a system that starts may come too late on a busy machine.
  const foreign: string = await eventually(async () => {
    const input = { email: freshAddress(), token: 't' }
    const { data } = await ask(world.app, world.key, REGISTER, { input })
    expect(data?.register.__typename).toBe('Registered')
    return data.register.identityId
  })
  const made = await world.persist('/v1/webhooks', { tenantId: 'demo', url: 'https://b.example' })
  const foreignWebhook = (made.endpoint as { id: string }).id
  return { world, url, keys, session, expired, signedOut, foreign, foreignWebhook }
}

async function makeKeys(world: Awaited<ReturnType<typeof startWorld>>) {
  const readOnly = await world.newKey({ scope: 'admin-read-only', name: 'auditors' })
  const revoked = await world.newKey({ scope: 'admin', name: 'gone' })
  await world.remove(`/v1/api-keys/${revoked.split('_')[1]}`)
  const expiresAt = new Date(Date.now() + 2000).toISOString()
  const expired = await world.newKey({ scope: 'admin', name: 'short', expiresAt })
  await world.persist('/v1/tenants', { id: 'e2e', name: 'E2E', testMode: true })
  const test = await world.newKey({ scope: 'tenant', tenantId: 'e2e', name: 'tests' })
  for (const id of ['disabled', 'deleted']) await world.persist('/v1/tenants', { id, name: id })
  const disabled = await world.newKey({ scope: 'tenant', tenantId: 'disabled', name: 'tests' })
  const orphan = await world.newKey({ scope: 'tenant', tenantId: 'deleted', name: 'tests' })
  const { data } = await ask(
    world.app,
    world.adminKey,
    'mutation { disableTenant(id: "disabled") { status } deleteTenant(id: "deleted") }',
  )
  expect(data).toEqual({ disableTenant: { status: 'DISABLED' }, deleteTenant: true })
  await eventually(async () =>
    expect((await ask(world.app, expired, '{ viewer { scope } }')).status).toBe(401),
  )
  return { readOnly, revoked, expired, test, disabled, orphan }
}

/**
 * A key of the other environment: a live one as a test key, or a test key as a live one. Its checksum is no
 * secret, so it is right.
 */
export function ofOtherEnvironment(key: string): string {
  const [, prefix, rest = ''] = /^ea_(test_)?(.*).{6}$/.exec(key) ?? []
  const other = prefix === undefined ? 'test_' : ''
  return `ea_${other}${rest}${(crc32(other + rest) % 36 ** 6).toString(36).padStart(6, '0')}`
}
