import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBuiltInTenants } from '../../src/tenants/built-in.ts'
import { openTestStore, type TestStore } from '../store.ts'

const smtpUrl = 'smtps://planted-user:planted%20pass@mail.example.com:2465'
let it: TestStore

beforeAll(async () => {
  it = await openTestStore('redis-server')
})
afterAll(() => it?.close())

test('of the tenant of admins nothing that is stored counts: neither settings, nor name, status or relay', async () => {
  await createBuiltInTenants(it.store.tenants)
  await it.store.tenants.create({
    id: 'relay',
    name: 'relay',
    settings: { mail: { smtpUrl, senderName: 'Thief' } },
  })
  const record = JSON.parse((await it.redis.get('ea:tenant:relay')) ?? '')
  const planted = { ...record, id: 'admin', name: 'Thief', status: 'disabled' }
  await it.redis.set('ea:tenant:admin', JSON.stringify(planted))
  const { tenants } = it.store
  expect(await tenants.sender('admin')).toEqual({ tenantName: 'emailauth' })
  expect(await tenants.get('admin')).toMatchObject({
    name: 'emailauth',
    status: 'active',
    settings: { verification: 'BOUND', ttlSeconds: 600, mail: {} },
  })
  for (const change of [{ name: 'x' }, { status: 'disabled' as const }, { settings: { mail: { smtpUrl } } }])
    expect(await tenants.update('admin', change)).toEqual({ builtIn: true })
  expect(await tenants.remove('admin')).toEqual({ builtIn: true })
})
