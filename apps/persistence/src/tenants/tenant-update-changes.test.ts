import { DEFAULT_SETTINGS, type Tenant } from '@emailauth/contracts/tenants'
import { expect, test } from 'vitest'
import { updateChanges } from './tenant-update-changes.ts'

const tenant: Tenant = {
  id: 'shop',
  name: 'Shop',
  createdAt: '2026-11-20T10:00:00.000Z',
  status: 'active',
  testMode: false,
  settings: { ...DEFAULT_SETTINGS, mail: { colour: '#112233' } },
}

test('only what differs, by its path, before and after', () => {
  const settings = { ttlSeconds: 900, verification: tenant.settings.verification, mail: { colour: null } }
  expect(updateChanges(tenant, { name: 'Shop 2', settings })).toEqual([
    { field: 'name', before: 'Shop', after: 'Shop 2' },
    { field: 'settings.ttlSeconds', before: '600', after: '900' },
    { field: 'settings.mail.colour', before: '#112233', after: null },
    { field: 'settings.version', before: '1', after: '2' },
  ])
  expect(updateChanges(tenant, { name: 'Shop' })).toEqual([])
  // Disabled or not, its settings are the same.
  const disabled = { field: 'status', before: 'active', after: 'disabled' }
  expect(updateChanges(tenant, { status: 'disabled' })).toEqual([disabled])
})

test('no password, and no endless value', () => {
  const mail = {
    smtpUrl: 'smtps://user:hunter2@mail.example.com:465',
    linkTemplate: `https://${'x'.repeat(400)}`,
  }
  const changes = updateChanges(tenant, { settings: { mail } })
  expect(JSON.stringify(changes)).not.toContain('hunter2')
  expect(changes.map(({ after }) => after?.length ?? 0).every((length) => length <= 300)).toBe(true)
  expect(changes.map(({ field }) => field)).toContain('settings.mail.smtpServer')
})
