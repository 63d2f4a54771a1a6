import AxeBuilder from '@axe-core/playwright'
import { freePort } from '@emailauth/testing/free-port'
import type { Page } from '@playwright/test'
import { BOUNCE_SECRET, bounce } from './bounce.ts'
import { expect, type System, startSystem, test as withSystem } from './system.ts'

/** A system of its own, whose mailer takes bounces. */
const test = withSystem.extend<object, { mailer: { readonly url: string; readonly system: System } }>({
  mailer: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs off this pattern
    async ({}, use) => {
      const port = String(await freePort())
      const system = await startSystem({
        EMAILAUTH_MAILER_PORT: port,
        EMAILAUTH_BOUNCE_SECRET: BOUNCE_SECRET,
        // The bounces here come by plain HTTP, whatever the rest of the suite runs with.
        EMAILAUTH_TLS_CERT: '',
        EMAILAUTH_TLS_KEY: '',
        EMAILAUTH_TLS_CA: '',
      })
      await use({ url: `http://127.0.0.1:${port}`, system })
      await system.remove()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

async function signIn(page: Page, { url, adminKey }: System) {
  await page.goto(`${url}/admin/mail?tenant=demo`)
  await page.getByLabel('Admin key').fill(adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Mail' })).toBeVisible()
}

/** Registers an address; gives the Message-ID of the mail. */
async function register(system: System, email: string): Promise<string> {
  expect((await system.cli(['register', '--email', email, '--token', 't'])).code).toBe(0)
  const [mail] = JSON.parse((await system.cli(['inbox', '--to', email, '--json'])).stdout)
  const whole = await (await fetch(`${system.inboxUrl}/api/v1/message/${mail.id}`)).json()
  return `<${whole.MessageID}>`
}

test('a preview in the language and colours asked for, in a frame that can do nothing', async ({
  mailer: { system },
  page,
}) => {
  await signIn(page, system)
  const mail = page.frameLocator('iframe')
  await expect(mail.getByRole('heading', { name: 'Your verification code for Demo' })).toBeVisible()
  await expect(page.locator('iframe')).toHaveAttribute('sandbox', '')
  const colour = () => mail.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)
  const light = await colour()
  await page.getByLabel('Colours', { exact: true }).selectOption('Dark')
  await expect.poll(colour).not.toBe(light)
  await page.getByRole('combobox', { name: 'Language' }).last().selectOption('Español')
  await expect(mail.getByRole('heading', { name: 'Tu número para Demo' })).toBeVisible()
  await page.getByLabel('Part').selectOption('Text')
  await expect(page.locator('pre')).toContainText('1234 5678 9012')
})

test('a test mail arrives; an address that is none is refused', async ({ mailer: { system }, page }) => {
  await signIn(page, system)
  const to = page.getByLabel('Send it to')
  await to.fill('nobody')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText('Mails cannot be sent to this address.')).toBeVisible()
  await to.fill('me@example.com')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Accepted' })).toBeVisible()
  const [mail] = JSON.parse((await system.cli(['inbox', '--to', 'me@example.com', '--json'])).stdout)
  expect(mail.number).toBe('123456789012')
})

test('messages stand under their state', async ({ mailer: { system }, page }) => {
  await register(system, 'listed@example.com')
  await signIn(page, system)
  const states = page.getByRole('group', { name: 'States' })
  await expect(states.getByRole('button', { name: /^Sent/ })).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByText(/^250 /).first()).toBeVisible()
  await states.getByRole('button', { name: /^Refused/ }).click()
  await expect(page).toHaveURL(/state=REJECTED/)
  await expect(page.getByText('No message of a living number')).toBeVisible()
})

test('what came back is listed and counted; its address is cleared', async ({ mailer, page }) => {
  const { system, url } = mailer
  const email = 'gone@example.com'
  const messageId = await register(system, email)
  await bounce(url, { messageId, email, reason: '550 5.1.1 no such user' })
  await signIn(page, system)
  const state = page.getByRole('button', { name: /Came back/ })
  await expect(state).toContainText('1')
  await state.click()
  await expect(page).toHaveURL(/state=BOUNCED/)
  const messages = page.getByRole('region', { name: 'Messages' })
  await expect(messages.getByRole('listitem')).toContainText(['550 5.1.1 no such user'])
  await page.getByRole('button', { name: `Clear ${email}` }).click()
  await expect(page.getByText(`${email} is written to again.`)).toBeVisible()
  await expect(page.getByText('There are none.')).toBeVisible()
  const left = await system.cli(['suppressions', 'list', '--tenant', 'demo', '--json'])
  expect(JSON.parse(left.stdout).nodes).toEqual([])
})

test('a tenant that is none, and a system that goes away and comes back', async ({
  mailer: { system },
  page,
}) => {
  await signIn(page, system)
  await page.goto(`${system.url}/admin/mail?tenant=nobody`)
  await expect(page.getByText('There is no such tenant')).toBeVisible()
  await page.getByLabel('Tenant').selectOption('demo')
  await expect(page.getByRole('region', { name: 'Messages' })).toBeVisible()
  await system.killAll()
  await expect(page.getByText('The gateway cannot be reached.').first()).toBeVisible({ timeout: 15_000 })
  await system.restart()
  await expect(page.getByText('The gateway cannot be reached.')).toHaveCount(0, { timeout: 30_000 })
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ mailer: { system, url }, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const email = `axe-mail-${colorScheme}@example.com`
    const messageId = await register(system, email)
    await bounce(url, { messageId, email, reason: '550 5.1.1 no such user' })
    await signIn(page, system)
    await expect(page.getByText(email)).toBeVisible()
    await expect(
      page.frameLocator('iframe').getByRole('heading', { name: 'Your verification code for Demo' }),
    ).toBeVisible()
    const { violations } = await new AxeBuilder({ page })
      .exclude('iframe')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  })
}
