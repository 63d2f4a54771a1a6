import type { System } from '../system/running-system.ts'
import { expect, register } from '../system/system.ts'
import { DIALOG, expectAccessible, expectNarrowColours, goTo, MAIN, openDashboard } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

test('the tenant stands in the URL for all pages; Ctrl-K finds pages and addresses', async ({
  system,
  dashboard: page,
}) => {
  await register(system, 'keys@example.com')
  await goTo(page, '/overview')
  await expect(page.getByTestId('sum-REGISTERED')).toHaveText(/^[1-9]/, { timeout: 20_000 })
  await expect(page.getByRole('heading', { name: 'What became of the numbers' })).toBeVisible()
  await expectAccessible(page)
  await expectNarrowColours(page)
  await page.getByRole('button', { name: 'Tenant: All tenants' }).click()
  await page.getByRole('option', { name: 'Demo demo' }).click()
  await expect(page).toHaveURL(/tenant=demo/)
  await page.getByRole('link', { name: 'Events', exact: true }).click()
  await expect(page).toHaveURL(/events\?tenant=demo/)
  await expect(page.getByRole('heading', { level: 1, name: 'Events' })).toBeFocused()

  await page.keyboard.press('Control+k')
  const palette = page.getByPlaceholder('Page, tenant, address or id')
  await expect(palette).toBeFocused()
  await expectAccessible(page, DIALOG)
  await palette.fill('no such thing')
  await expectAccessible(page, DIALOG)
  await palette.fill('keys@example.com')
  await page.getByRole('button', { name: 'Find keys@example.com' }).click()
  await expect(page).toHaveURL(/identities\?email=keys/)
  await expect(page.getByRole('table').getByText('keys@example.com')).toBeVisible()
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
  await expectAccessible(page, MAIN)
  await openDashboard(page, system, '/')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(submit).toBeVisible()
  await page.goto(`${system.url}/admin/identities`)
  await expect(submit).toBeVisible()
})

test('Spanish by the browser’s language, and no language that cannot be read', async ({
  system,
  browser,
}) => {
  for (const [locale, lang] of [
    ['es-MX', /^es/],
    ['en-US', /^en/],
  ] as const) {
    const context = await browser.newContext({ locale })
    const page = await context.newPage()
    if (locale === 'en-US') {
      await page.addInitScript(() =>
        Object.defineProperty(navigator, 'languages', { get: () => ['en-US@posix', undefined] }),
      )
    }
    await page.goto(`${system.url}/admin/`)
    await expect(page.locator('html')).toHaveAttribute('lang', lang)
    await openDashboardIn(page, system)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      locale === 'es-MX' ? 'Resumen' : 'Overview',
    )
    await context.close()
  }
})

/** By the key field's position: its name depends on the language. */
async function openDashboardIn(page: import('@playwright/test').Page, system: System) {
  await page.locator('input[type="password"]').fill(system.adminKey)
  await page.keyboard.press('Enter')
}

test('figures that are not known yet are no zeros', async ({ dashboard: page }) => {
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  await page.route('**/graphql*', async (route) => {
    // The document itself is not sent, and no other one has steps.
    if (route.request().postData()?.includes('"step"')) await held
    await route.continue()
  })
  await goTo(page, '/overview?range=1h')
  const stages = page.getByRole('region', { name: 'From registration to verification' })
  await expect(stages).toContainText('Registered –')
  goOn()
  await expect(stages).toContainText(/Registered \d/)
})
