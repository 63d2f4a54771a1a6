import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { redisCli } from '@emailauth/testing/redis-cli'
import { expect, test } from 'vitest'
import { generateWebhookId } from '../../src/webhooks/webhook-store.ts'
import { register, verify, WRONG } from '../calls.ts'
import { openStoreAt } from '../store.ts'
import { pageOnBackups, runLine } from './backup-page.ts'

const ADMIN = { kind: 'admin', id: 'ada@example.com' } as const

/** The commands of the page on backups, so that the page itself is tested. */
async function documented(): Promise<string[]> {
  return [...(await pageOnBackups()).matchAll(/^redis-cli ([^#\n]+)/gm)].map(([, command = '']) =>
    command.trim(),
  )
}

test('a backup is restored onto an empty Redis: numbers, tenants and keys work, and stay after a restart', async () => {
  const [backup = '', load = '', rewritten = '', deleteNumbers = ''] = await documented()
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-backup-'))
  const file = join(folder, 'emailauth.rdb')
  const first = await startRedis('--appendonly', 'yes')
  const before = await openStoreAt(first.url)
  await before.store.tenants.create({ id: 'shop', name: 'Shop' })
  const { apiKey } = await before.store.apiKeys.create(
    { scope: 'tenant', tenantId: 'shop', name: 'k' },
    ADMIN,
  )
  const tenant = before.tenant()
  const live = await register(before.store, tenant, { email: 'ada@example.com', token: 'kept' })
  const used = await register(before.store, tenant, { email: 'bob@example.com' })
  await verify(before.store, tenant, used.number)
  const page = await pageOnBackups()
  const [, name = '', rules = ''] = /^ACL SETUSER (\S+) on >PASSWORD (.*)$/m.exec(page) ?? []
  await redisCli(first.port, 'ACL', 'SETUSER', name, 'on', '>PASSWORD', ...rules.split(' '))
  const [asUser = ''] = /^REDISCLI_AUTH=PASSWORD redis-cli .*$/m.exec(page) ?? []
  expect(asUser).toContain(backup)
  await runLine(asUser.replace('/backup/emailauth.rdb', file), first.port)
  await before.close()
  await first.stop()

  const args = ['--dir', folder, '--dbfilename', 'emailauth.rdb']
  const second = await startRedis('--appendonly', 'no', ...args)
  try {
    await redisCli(second.port, ...load.split(' '))
    await eventually(async () => {
      const info = await redisCli(second.port, ...rewritten.split(' '))
      for (const line of ['scheduled:0', 'in_progress:0']) expect(info).toContain(`aof_rewrite_${line}`)
      expect(info).toContain('aof_last_bgrewrite_status:ok')
    })
  } finally {
    await second.stop()
  }
  // As it runs from then on.
  const third = await startRedis('--appendonly', 'yes', ...args)
  try {
    const after = await openStoreAt(third.url, { secret: before.secret })
    expect((await after.store.tenants.list()).map(({ id }) => id)).toContain('shop')
    expect(await after.store.apiKeys.get(apiKey.id)).toMatchObject({ id: apiKey.id, name: 'k' })
    expect(await verify(after.store, tenant, used.number)).toEqual(WRONG)
    expect(await verify(after.store, tenant, live.number)).toMatchObject({ verification: { token: 'kept' } })

    // Names of identities are bytes, many of which mean something to a shell or to xargs.
    const numbers = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const { number } = await register(after.store, tenant, { email: `a${i}@example.com` })
        return number
      }),
    )
    const hook = { tenantId: tenant.id, url: 'https://shop.example.com/hook' }
    const id = generateWebhookId(tenant.id)
    await after.store.webhooks.create(id, hook)
    await runLine(`redis-cli ${deleteNumbers}`, third.port)
    for (const number of numbers) expect(await verify(after.store, tenant, number)).toEqual(WRONG)
    expect(await after.store.webhooks.get(id)).toMatchObject({ id })
    await after.close()
  } finally {
    await third.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
