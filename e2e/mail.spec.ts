import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, type System, test } from './system.ts'

async function signIn(page: Page, system: System) {
  await page.goto(`${system.url}/admin/mail?tenant=demo`)
  await page.getByLabel('Admin key').fill(system.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Mail' })).toBeVisible()
}

test('an admin sees how a mail looks, in each language and scheme, and sends a test mail', async ({
  system,
  page,
}) => {
  await signIn(page, system)
  const mail = page.frameLocator('iframe')
  await expect(mail.getByText('1234 5678 9012', { exact: true }).last()).toBeVisible()
  await page.getByLabel('Language').last().selectOption('es')
  await expect(mail.getByText(/número/i).last()).toBeVisible()
  await page.getByLabel('Colours').last().selectOption('dark')
  await expect(page.locator('iframe')).toHaveAttribute('data-scheme', 'dark')

  await page.getByLabel('Send it to').fill('someone@example.com')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByRole('status').getByRole('alert')).toBeVisible()
  const inbox = JSON.parse((await system.cli(['inbox', '--to', 'someone@example.com', '--json'])).stdout)
  expect(inbox).toHaveLength(1)
  expect((await new AxeBuilder({ page }).exclude('iframe').analyze()).violations).toEqual([])
})

test('messages stand under their state', async ({ system, page }) => {
  expect((await system.cli(['register', '--email', 'listed@example.com', '--token', 't'])).code).toBe(0)
  await signIn(page, system)
  const states = page.getByRole('group', { name: 'States' })
  await expect(states.getByRole('button', { name: /^Sent/ })).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByText(/^250 /).first()).toBeVisible()
  await states.getByRole('button', { name: /^Refused/ }).click()
  await expect(page).toHaveURL(/state=REJECTED/)
  await expect(page.getByText('No message of a living number')).toBeVisible()
})
