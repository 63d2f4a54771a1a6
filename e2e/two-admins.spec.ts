import { goTo } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'
import { adminOf, expect } from './system.ts'

test('a tenant that another admin has deleted meanwhile is not said to be saved', async ({
  system,
  dashboard: page,
}) => {
  const admin = adminOf(system)
  await admin.createTenant({ id: 'brief', name: 'Brief' })
  await goTo(page, '/tenants/brief?tenant=brief')
  await page.getByLabel('Lifetime of a number').fill('900')
  await admin.deleteTenant('brief')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('It is no longer there.')).toBeVisible()
  await expect(page.getByText('Saved', { exact: true })).toHaveCount(0)
  // Its page says so, as long as its data is being deleted and afterwards.
  await expect(
    page.getByRole('main').getByText(/^(Nothing of it can be changed|It may have been deleted)/),
  ).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0)
})

test('a tenant with the longest name, without a space and of both directions, fits everywhere', async ({
  system,
  dashboard: page,
}) => {
  const name = `<b>עברית</b>${'W'.repeat(80 - '<b>עברית</b>'.length)}`
  await adminOf(system).createTenant({ id: 'longest', name })
  await goTo(page, '/tenants/longest?tenant=longest')
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toHaveText(name)
  const outside = () => heading.evaluate((h1) => h1.scrollWidth - h1.clientWidth)
  expect(await outside()).toBeLessThanOrEqual(0)
  const main = page.getByRole('main')
  expect(await main.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
  await page.getByRole('button', { name: /^Tenant: / }).click()
  const option = page.getByRole('option').filter({ hasText: name })
  await expect(option).toBeVisible()
  const list = page.getByRole('listbox')
  const [within, around] = [await option.boundingBox(), await list.boundingBox()]
  expect(within?.width ?? 0).toBeLessThanOrEqual(around?.width ?? 0)
  await page.keyboard.press('Escape')
  await goTo(page, '/tenants/longest?tenant=longest&tab=danger')
  await main.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(name)
  expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
  await dialog.getByRole('button', { name: 'Close' }).click()
})

test('a tenant in the URL that does not exist is said not to exist', async ({ system, dashboard: page }) => {
  const note = page.getByRole('status').filter({ hasText: 'There is no such tenant' })
  await goTo(page, '/overview?tenant=another')
  await expect(note).toBeVisible()
  // Another admin creates it, and this page asks again.
  await adminOf(system).createTenant({ id: 'another', name: 'Another' })
  await goTo(page, '/overview')
  await expect(note).toBeHidden()
  await goTo(page, '/overview?tenant=another')
  await expect(page.getByRole('button', { name: 'Tenant: Another' })).toBeVisible()
  await expect(note).toBeHidden()
})
