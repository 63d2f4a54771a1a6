import { type TenantSettingName, tenantSettingName } from '@emailauth/contracts/tenant-updates'
import { DEFAULT_SETTINGS } from '@emailauth/contracts/tenants'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openService, type TestService } from '../service.ts'

let listener: TestService
beforeAll(async () => {
  listener = await openService()
})
afterAll(() => listener?.close())

/** A value other than the default for each setting; a new one does not compile without. */
const OTHERS: Readonly<Record<TenantSettingName, unknown>> = {
  verification: 'BOUND',
  ttlSeconds: 900,
  locale: 'es',
  mailsPerAddress: [{ max: 2, windowSeconds: 60 }],
  registersPerClientIp: { max: 7, windowSeconds: 60 },
  registersPerTenant: { max: 8, windowSeconds: 60 },
  missesPerClientIp: { max: 9, windowSeconds: 60 },
  missBudgetPerHour: 500,
  boundDigits: 10,
  boundTries: 3,
  acceptedRisk: 5e-6,
  testAddresses: ['*@shop.test'],
  returnUrls: ['https://shop.example.com/back'],
  'mail.senderName': 'Shop',
  'mail.senderAddress': 'codes@shop.example.com',
  'mail.replyTo': 'help@shop.example.com',
  'mail.colour': '#112233',
  'mail.logoUrl': 'https://shop.example.com/logo.png',
  'mail.linkTemplate': 'https://shop.example.com/verify#{number}',
  'mail.texts': [{ language: 'es', subject: '{code}: entra' }],
  'mail.codeInSubject': true,
  'mail.headers': [{ name: 'X-Stream', value: 'codes' }],
  'mail.smtpUrl': 'smtps://planted-user:planted-pass@mail.example.com',
}

/** A patch of one setting. */
const patchOf = (name: TenantSettingName, value: unknown): object =>
  name.startsWith('mail.') ? { mail: { [name.slice(5)]: value } } : { [name]: value }

/** As it is shown: nothing but `smtpServer` of the SMTP URL. */
const shownName = (name: string) => (name === 'mail.smtpUrl' ? 'mail.smtpServer' : name)

interface Shown {
  readonly version: number
  readonly mail: Readonly<Record<string, unknown>>
}

const update = (id: string, change: object) => listener.call('PATCH', `/v1/tenants/${id}`, change)
const settingsOf = async (id: string): Promise<Shown> =>
  (await listener.call('GET', `/v1/tenants/${id}`)).body.settings
/** What the newest change of the tenant was, as the audit log has it. */
const lastChanges = async (id: string) =>
  (await listener.call('GET', `/v1/events?tenantId=${id}&types=tenant.updated&first=1`)).body.events[0]
    .changes

test('the settings are those that a tenant has', () => {
  const { mail: _mail, version: _version, ...rules } = DEFAULT_SETTINGS
  const names: readonly string[] = tenantSettingName.options
  expect(names.filter((name) => !name.startsWith('mail.')).sort()).toEqual(Object.keys(rules).sort())
})

test.each(tenantSettingName.options)(
  '%s goes back to its default, with before and after in the audit log',
  async (name) => {
    const id = `t-${name.replace(/[^a-z]/gi, '').toLowerCase()}`
    expect((await listener.call('POST', '/v1/tenants', { id, name: id })).status).toBe(201)
    const before = await settingsOf(id)
    expect((await update(id, { settings: patchOf(name, OTHERS[name]) })).status).toBe(200)
    expect({ ...(await settingsOf(id)), version: 1 }).not.toEqual(before)

    const reply = await update(id, { reset: [name, name] })
    expect(reply.status).toBe(200)
    expect(reply.body.settings).toEqual({ ...before, version: 3 })
    expect(await settingsOf(id)).toEqual({ ...before, version: 3 })
    expect(await listener.it.store.tenants.sender(id)).toEqual({ tenantName: id })
    const changes = await lastChanges(id)
    expect(changes).toEqual([
      { field: `settings.${shownName(name)}`, before: expect.any(String), after: textOfDefault(name) },
      { field: 'settings.version', before: '2', after: '3' },
    ])
    expect(JSON.stringify(changes)).not.toContain('planted')
    // What has its default already is no change.
    expect((await update(id, { reset: [name] })).body.settings.version).toBe(3)
  },
)

function textOfDefault(name: TenantSettingName): string | null {
  const value = DEFAULT_SETTINGS[name as keyof typeof DEFAULT_SETTINGS]
  if (value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

test('all at once, beside a change of another', async () => {
  await listener.call('POST', '/v1/tenants', { id: 'whole', name: 'Whole' })
  const blank = await settingsOf('whole')
  for (const name of tenantSettingName.options)
    await update('whole', { settings: patchOf(name, OTHERS[name]) })
  const others = tenantSettingName.options.filter((name) => name !== 'locale' && name !== 'mail.colour')
  const { body } = await update('whole', {
    name: 'Another',
    settings: { locale: 'fr', mail: { colour: '#445566' } },
    reset: others,
  })
  expect(body.name).toBe('Another')
  expect({ ...body.settings, version: 1 }).toEqual({ ...blank, locale: 'fr', mail: { colour: '#445566' } })
})

test.each(tenantSettingName.options)('%s is refused when it is both given and reset', async (name) => {
  const { status, body } = await update('whole', {
    settings: patchOf(name, OTHERS[name]),
    reset: ['locale', name],
  })
  expect([status, body.code, body.field]).toEqual([400, 'bad-input', 'reset'])
  expect(body.detail).toBe(`reset: ${name} is both given and reset`)
})

test('a change that the reset would make too risky is refused whole', async () => {
  await listener.call('POST', '/v1/tenants', { id: 'risky', name: 'Risky' })
  const settings = { verification: 'BOUND', boundDigits: 6, acceptedRisk: 5e-6 }
  expect((await update('risky', { settings })).status).toBe(200)
  const { status, body } = await update('risky', { settings: { ttlSeconds: 90 }, reset: ['acceptedRisk'] })
  expect([status, body.field]).toEqual([400, 'settings'])
  expect(await settingsOf('risky')).toMatchObject({ acceptedRisk: 5e-6, ttlSeconds: 600 })
})

test('a setting that there is not, or no list, is refused', async () => {
  for (const reset of [['version'], ['mail'], ['mail.smtpServer'], ['__proto__'], 'locale', [1]])
    expect((await update('risky', { reset })).status).toBe(400)
  expect((await update('risky', { reset: [] })).status).toBe(200)
})
