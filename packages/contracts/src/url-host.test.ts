import { expect, test } from 'vitest'
import { mailSettingsPatch } from './mail-settings.ts'
import { DEFAULT_SETTINGS, tenant, tenantSettingsPatch } from './tenants.ts'
import { hasHost, URL_HOST_RULE } from './url-host.ts'
import { webhookCreateRequest } from './webhooks.ts'

const LABEL = 'a'.repeat(63)
const NAME_OF_253 = `${`${LABEL}.`.repeat(3)}${'a'.repeat(61)}`

const GOOD = [
  'shop.example.com',
  'localhost',
  'my_service:8443',
  'shop.example.com.',
  'xn--bcher-kva.example',
  'bücher.example',
  '192.0.2.1',
  '[2001:db8::1]:8443',
  NAME_OF_253,
  `shop.${LABEL}`,
]
const BAD = [
  '*',
  '*.example.com',
  'shop.*.com',
  'a;sandbox',
  "a'b.example",
  'a,b',
  'a(b)',
  'shop..example',
  '.example',
  `${LABEL}a.example`,
  `shop.${LABEL}a`,
  `${NAME_OF_253}a`,
]

test.each(GOOD)('%s can be a host', (host) => expect(hasHost(`https://${host}/`)).toBe(true))
test.each(BAD)('%s cannot', (host) => expect(hasHost(`https://${host}/`)).toBe(false))
test('what is no URL is reported by other rules', () => expect(hasHost('https://')).toBe(true))

const issuesOf = ({ error }: { error?: { issues: readonly { message: string }[] } | undefined }) =>
  error?.issues.map(({ message }) => message) ?? []

test.each([
  ['a return URL', (host: string) => tenantSettingsPatch.safeParse({ returnUrls: [`https://${host}/`] })],
  ['a logo', (host: string) => mailSettingsPatch.safeParse({ logoUrl: `https://${host}/l.png` })],
  ['a link', (host: string) => mailSettingsPatch.safeParse({ linkTemplate: `https://${host}/#{number}` })],
  ['a mail server', (host: string) => mailSettingsPatch.safeParse({ smtpUrl: `smtps://u:p@${host}:465` })],
  [
    'a webhook endpoint',
    (host: string) => webhookCreateRequest.safeParse({ tenantId: 'demo', url: `https://${host}/` }),
  ],
])('%s is refused without a host that can exist, and says so', (_what, check) => {
  expect(issuesOf(check('shop.example.com'))).toEqual([])
  for (const host of ['*', 'a;sandbox']) expect(issuesOf(check(host)), host).toEqual([URL_HOST_RULE])
})

test('a tenant that has such URLs from before can still be read', () => {
  const mail = { logoUrl: 'https://*/l.png', linkTemplate: 'https://*/#{number}' }
  const settings = { ...DEFAULT_SETTINGS, returnUrls: ['https://*/'], mail }
  const stored = {
    id: 'old',
    name: 'Old',
    createdAt: '2026-01-01T00:00:00Z',
    status: 'active',
    testMode: false,
  }
  expect(issuesOf(tenant.safeParse({ ...stored, settings }))).toEqual([])
})
