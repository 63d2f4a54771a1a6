import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, type System, test } from './system.ts'

async function signIn(page: Page, system: System) {
  await page.goto(`${system.url}/admin/`)
  await page.getByLabel('Admin key').fill(system.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Active identities' })).toBeVisible()
}

test('a new registration shows within 2 s, and a revoked one goes', async ({ system, page }) => {
  await signIn(page, system)
  const email = 'carol@example.com'
  await system.cli(['register', '--email', email, '--token', 't'])
  await expect(page.getByText(email)).toBeVisible({ timeout: 2500 })

  await page.getByRole('button', { name: `Revoke ${email}` }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(email)
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByRole('table').getByText(email)).toHaveCount(0)
  const [mail] = JSON.parse((await system.cli(['inbox', '--to', email, '--json'])).stdout)
  expect((await system.cli(['verify', mail.number])).code).toBe(3)
})

test('search by exact address, in the URL; a row opens a panel', async ({ system, page }) => {
  for (const email of ['dan@example.com', 'dora@example.com']) {
    expect((await system.cli(['register', '--email', email, '--token', 't'])).code).toBe(0)
  }
  await signIn(page, system)
  await page.getByLabel('Search by email').fill('DAN@example.com')
  const table = page.getByRole('table')
  await expect(table.getByText('dora@example.com')).toHaveCount(0)
  await expect(table.getByText('dan@example.com')).toBeVisible()
  expect(page.url()).toContain('dan%40example.com'.toLowerCase().replace('dan', 'DAN'))
  await page.reload()
  await expect(table.getByText('dan@example.com')).toBeVisible()
  await table.getByText('dan@example.com').click()
  await expect(page.getByRole('dialog')).toContainText('demo.')
})

test('a wrong key, a tenant key and a signed-out tab stay outside', async ({ system, page }) => {
  await page.goto(`${system.url}/admin/`)
  const key = page.getByLabel('Admin key')
  const submit = page.getByRole('button', { name: 'Sign in' })
  for (const [wrong, sentence] of [
    ['ea_nonsense', 'not known'],
    [system.apiKey, 'admin scope'],
  ] as const) {
    await key.fill(wrong)
    await submit.click()
    await expect(page.getByText(sentence)).toBeVisible()
  }
  await signIn(page, system)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(submit).toBeVisible()
  await page.goto(`${system.url}/admin/identities`)
  await expect(submit).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ system, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.goto(`${system.url}/admin/`)
    await expect(page.getByLabel('Admin key')).toBeVisible()
    const check = async () => {
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      )
    }
    await check()
    await system.cli(['register', '--email', `axe-${colorScheme}@example.com`, '--token', 't'])
    await signIn(page, system)
    await expect(page.getByText(`axe-${colorScheme}@example.com`)).toBeVisible()
    await check()
    await page.getByRole('table').getByText(`axe-${colorScheme}@example.com`).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await check()
  })
}

test('Spanish by the browser’s language', async ({ system, browser }) => {
  const context = await browser.newContext({ locale: 'es-MX' })
  const page = await context.newPage()
  await page.goto(`${system.url}/admin/`)
  await expect(page.locator('html')).toHaveAttribute('lang', /^es/)
  await expect(page.getByRole('button', { name: /sesión|entrar/i })).toBeVisible()
  await context.close()
})
