import { join } from 'node:path'
import type { System } from '../system/running-system.ts'
import { expect, root, test } from '../system/system.ts'
import { openDashboard } from './dashboard-page.ts'

// Pictures for the docs, taken from the real system with the numbers of a small business.
const TENANTS = [
  'Acme Shop',
  'Bluebird Bank',
  'Cedar Health',
  'Delta Travel',
  'Harbor Logistics',
  'Iris Learning',
]
const NAMES = [
  'ada',
  'grace',
  'linus',
  'margaret',
  'radia',
  'josé',
  'barbara',
  'edsger',
  'hedy',
  'katherine',
  'alan',
]
const DOMAINS = ['example.com', 'mail.example.org', 'bücher.example', 'correo.example']
const EACH = 30

async function ask(system: System, key: string, query: string, variables: object) {
  const reply = await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return ((await reply.json()) as { data: Record<string, never> }).data
}

async function numberOf(system: System, email: string) {
  const query = new URLSearchParams({ query: `to:${email}` })
  const found = await (await fetch(`${system.inboxUrl}/api/v1/search?${query}`)).json()
  return String(found.messages?.[0]?.Subject ?? '').replace(/\D/g, '')
}

async function fillTenant(system: System, name: string, at: number) {
  const id = name.toLowerCase().replace(' ', '-')
  const create = 'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { id } }'
  await ask(system, system.adminKey, create, { input: { id, name } })
  const createKey = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }'
  const made = await ask(system, system.adminKey, createKey, { input: { name: 'web server', tenantId: id } })
  const { key } = made.createApiKey as unknown as { key: string }
  for (let number = 0; number < EACH; number++) {
    const email = `${NAMES[(number * 3 + at) % NAMES.length]}.${number}@${DOMAINS[(number + at) % DOMAINS.length]}`
    const input = { email, token: 't', expiresInSeconds: 600 + 60 * ((number * 7) % 30) }
    const register = 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }'
    await ask(system, key, register, { input })
    const verify = 'mutation ($input: VerifyInput!) { verify(input: $input) { __typename } }'
    if (number % 9 === 0) await ask(system, key, verify, { input: { number: '000011112222' } })
    if (number % 5 < 3) await ask(system, key, verify, { input: { number: await numberOf(system, email) } })
  }
}

test.beforeAll(async ({ system }) => {
  await Promise.all(TENANTS.map((name, at) => fillTenant(system, name, at)))
})

for (const colorScheme of ['light', 'dark'] as const) {
  const picture = (name: string) =>
    join(root, 'docs/images', `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`)

  test(`the dashboard and the inbox, ${colorScheme}`, async ({ system, page }) => {
    test.setTimeout(180_000)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(`${system.url}/admin/`)
    await page.getByLabel('Your email address').fill('ada@example.com')
    await page.screenshot({ path: picture('sign-in') })

    await openDashboard(page, system, '/overview?range=1h')
    await page.locator('.recharts-surface').nth(1).waitFor()
    await expect(page.getByTestId('sum-VERIFIED')).toHaveText(/[1-9]/)
    await page.screenshot({ path: picture('overview') })

    await page.goto(`${system.url}/admin/identities`)
    await page.getByRole('table').locator('tbody tr[data-index="3"]').getByRole('link').click()
    await page.getByRole('complementary').getByText('Mail accepted').waitFor()
    await page.mouse.move(0, 0)
    await page.screenshot({ path: picture('dashboard') })

    await page.goto(`${system.url}/admin/messages?state=SENT`)
    await page.getByText(/^250 /).first().waitFor()
    await page.screenshot({ path: picture('messages') })

    await page.goto(`${system.url}/admin/events`)
    await page.getByText('Verified').last().waitFor()
    await page.screenshot({ path: picture('events') })

    await page.goto(`${system.url}/admin/tenants/acme-shop?tenant=acme-shop`)
    await page.getByLabel('Lifetime of a number').waitFor()
    await page.screenshot({ path: picture('tenant') })

    await page.goto(`${system.url}/admin/tenants/acme-shop?tenant=acme-shop&tab=mail`)
    await page.getByRole('combobox', { name: /^Colours/ }).selectOption(colorScheme)
    await page.frameLocator('iframe').getByText('1234 5678 9012', { exact: true }).waitFor()
    await page.screenshot({ path: picture('mail-page') })

    await page.setViewportSize({ width: 1200, height: 620 })
    await page.goto(system.inboxUrl)
    await page.getByRole('link', { name: /@/ }).first().click()
    await page.frameLocator('iframe').getByText(/\d{4}/).last().waitFor()
    await page.screenshot({ path: picture('inbox') })
  })
}
