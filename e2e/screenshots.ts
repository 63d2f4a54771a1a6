import { join } from 'node:path'
import { root, test } from './system.ts'

// Pictures for the docs, taken from the real system.
const people = [
  'ada@example.com',
  'grace@example.net',
  'linus@example.org',
  'margaret@example.com',
  'radia@example.net',
  'josé@correo.example',
]
const verified = ['alan@example.org', 'edsger@example.net', 'barbara@example.com']

test.beforeAll(async ({ system }) => {
  for (const [at, email] of people.entries()) {
    await system.cli(['register', '--email', email, '--token', 't', '--expires-in', String(60 * (at + 3))])
  }
  for (const email of verified) {
    await system.cli(['register', '--email', email, '--token', 't'])
    await system.cli(['verify', '000011112222'])
    const [mail] = JSON.parse((await system.cli(['inbox', '--to', email, '--json'])).stdout)
    await system.cli(['verify', mail.number])
  }
})

for (const colorScheme of ['light', 'dark'] as const) {
  const picture = (name: string) =>
    join(root, 'docs/images', `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`)

  test(`the dashboard and the inbox, ${colorScheme}`, async ({ system, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width: 1200, height: 900 })
    await page.goto(`${system.url}/admin/`)
    await page.getByLabel('Your email address').fill('ada@example.com')
    await page.screenshot({ path: picture('sign-in') })
    await page.setViewportSize({ width: 1200, height: 620 })
    await page.getByLabel('Admin key').fill(system.adminKey)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('ada@example.com').waitFor()
    await page.screenshot({ path: picture('dashboard') })
    await page.setViewportSize({ width: 1200, height: 1000 })
    await page.goto(`${system.url}/admin/events`)
    await page.locator('.recharts-surface').nth(1).waitFor()
    await page.getByText('Verified').last().waitFor()
    await page.screenshot({ path: picture('events') })
    await page.setViewportSize({ width: 1200, height: 1010 })
    await page.goto(`${system.url}/admin/mail?tenant=demo`)
    await page.getByLabel('Colours', { exact: true }).selectOption(colorScheme)
    await page.frameLocator('iframe').getByRole('heading').waitFor()
    await page.getByRole('listitem').first().waitFor()
    await page.screenshot({ path: picture('mail-page') })
    await page.setViewportSize({ width: 1200, height: 620 })
    await page.goto(system.inboxUrl)
    await page.getByRole('link', { name: /grace@example.net/ }).click()
    await page.frameLocator('iframe').getByText(/\d{4}/).last().waitFor()
    await page.screenshot({ path: picture('inbox') })
  })
}
