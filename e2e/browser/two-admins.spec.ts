import type { Locator } from '@playwright/test'
import { adminOf, expect } from '../system/system.ts'
import { goTo } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

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

test('settings that another admin has saved meanwhile are shown beside mine, and I choose', async ({
  system,
  dashboard: page,
}) => {
  const admin = adminOf(system)
  await admin.createTenant({ id: 'shared', name: 'Shared' })
  await goTo(page, '/tenants/shared?tenant=shared')
  const lifetime = page.getByLabel('Lifetime of a number')
  const save = page.getByRole('button', { name: 'Save', exact: true })
  const dialog = page.getByRole('dialog', { name: 'Changed meanwhile' })
  const stored = async () => (await admin.tenants()).find(({ id }) => id === 'shared')?.settings

  await lifetime.fill('900')
  await admin.updateTenant({ id: 'shared', settings: { ttlSeconds: 300, locale: 'es' } })
  await save.click()
  await expect(dialog.getByRole('row', { name: 'Lifetime of a number 300 900' })).toBeVisible()
  await expect(dialog.getByRole('row', { name: 'Language es Not changed' })).toBeVisible()
  await expect(dialog.getByText(/^API key .* saved a change/)).toHaveCount(1)
  expect(await stored()).toMatchObject({ ttlSeconds: 300, locale: 'es' })
  // Nothing typed is lost while one thinks.
  await dialog.getByRole('button', { name: 'Go on editing' }).click()
  await expect(lifetime).toHaveValue('900')
  await save.click()
  await dialog.getByRole('button', { name: 'Save mine' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  // Mine is over theirs, and what I did not touch stays theirs.
  expect(await stored()).toMatchObject({ ttlSeconds: 900, locale: 'es', version: 3 })
  await expect(page.getByRole('textbox', { name: 'Language' })).toHaveValue('es')

  await lifetime.fill('1200')
  await admin.updateTenant({ id: 'shared', name: 'Another name', settings: { ttlSeconds: 60 } })
  await save.click()
  await dialog.getByRole('button', { name: 'Discard mine' }).click()
  await expect(lifetime).toHaveValue('60')
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Another name')
  expect(await stored()).toMatchObject({ ttlSeconds: 60, version: 4 })
})

test('a tenant that others change all the time is saved over three of their changes, then I am asked', async ({
  system,
  dashboard: page,
}) => {
  const admin = adminOf(system)
  await admin.createTenant({ id: 'restless', name: 'Restless' })
  await goTo(page, '/tenants/restless?tenant=restless')
  const dialog = page.getByRole('dialog', { name: 'Changed meanwhile' })
  let saves = 0
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON()?.variables?.input?.id === 'restless') {
      saves += 1
      await admin.updateTenant({ id: 'restless', settings: { locale: saves % 2 === 1 ? 'es' : 'en' } })
    }
    await route.continue()
  })
  await page.getByLabel('Lifetime of a number').fill('900')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog.getByText('Nothing of yours is saved yet.')).toBeVisible()
  expect(saves).toBe(4)
  // There is no field to choose for, and the audit log has the rest of those who saved.
  await expect(dialog.getByRole('table')).toHaveCount(0)
  await expect(dialog.getByText(/^API key .* saved a change/)).toHaveCount(3)
  await page.unroute('**/graphql')
  await dialog.getByRole('button', { name: 'Save mine' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  const stored = (await admin.tenants()).find(({ id }) => id === 'restless')?.settings
  expect(stored).toMatchObject({ ttlSeconds: 900, locale: 'en' })
})

test('what another admin has saved is no draft of mine: neither a look that I left as it was, nor texts', async ({
  system,
  dashboard: page,
}) => {
  const admin = adminOf(system)
  await admin.createTenant({ id: 'repainted', name: 'Repainted' })
  const mails = '/tenants/repainted?tenant=repainted&tab=mail'
  /** Looks at another page and comes back, until what somebody else has saved is loaded. */
  const comeBackTo = async (field: Locator, theirs: string) =>
    expect(async () => {
      await goTo(page, '/system')
      await expect(page.getByRole('heading', { level: 1, name: 'System' })).toBeVisible()
      await goTo(page, mails)
      await expect(field).toHaveValue(theirs, { timeout: 2000 })
    }).toPass({ timeout: 30_000 })
  const colour = page.getByLabel('Colour', { exact: true })
  const heading = page.getByLabel('Heading')
  const save = (what: string) => page.getByRole('button', { name: `Save the ${what}` })
  await goTo(page, mails)
  await heading.fill('Mine')
  await admin.updateTenant({ id: 'repainted', settings: { mail: { colour: '#aa0000' } } })
  await comeBackTo(colour, '#aa0000')
  await expect(heading).toHaveValue('Mine')
  await expect(save('look')).toBeDisabled()

  await colour.fill('#00aa00')
  await heading.fill('')
  await expect(save('texts')).toBeDisabled()
  const texts = [{ language: 'en', heading: 'Theirs' }]
  await admin.updateTenant({ id: 'repainted', settings: { mail: { texts } } })
  await comeBackTo(heading, 'Theirs')
  await expect(colour).toHaveValue('#00aa00')
  await expect(save('texts')).toBeDisabled()
  await page.getByRole('button', { name: 'Reset' }).first().click()
  await expect(colour).toHaveValue('#aa0000')
})

test('texts and look of mails, and a webhook, are not overwritten either', async ({
  system,
  dashboard: page,
}) => {
  const admin = adminOf(system)
  await admin.createTenant({ id: 'written', name: 'Written' })
  await goTo(page, '/tenants/written?tenant=written&tab=mail')
  const dialog = page.getByRole('dialog', { name: 'Changed meanwhile' })
  await page.getByLabel('Heading').fill('Mine')
  await page.getByLabel('Colour', { exact: true }).fill('#112233')
  await page.getByRole('button', { name: 'Save the look' }).click()
  await expect(page.getByText('Look saved')).toBeVisible()
  const theirs = [
    { language: 'en', heading: 'Theirs' },
    { language: 'es', heading: 'Suyo' },
  ]
  await admin.updateTenant({ id: 'written', settings: { mail: { texts: theirs } } })
  await page.getByRole('button', { name: 'Save the texts' }).click()
  await expect(dialog.getByRole('row', { name: 'English: Heading Theirs Mine' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Save mine' }).click()
  await expect(page.getByText('Texts saved')).toBeVisible()
  const texts = (await admin.tenants()).find(({ id }) => id === 'written')?.settings.mail.texts
  expect(texts).toMatchObject([
    { language: 'es', heading: 'Suyo' },
    { language: 'en', heading: 'Mine' },
  ])

  const url = 'https://receiver.example.com/'
  const { endpoint } = await admin.webhooks.create({ tenantId: 'written', url })
  await goTo(page, `/webhooks?tenant=written&open=${endpoint.id}`)
  await page
    .getByRole('button', { name: /^Actions for / })
    .last()
    .click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await page.getByLabel('Description').fill('Mine')
  await admin.webhooks.update({ id: endpoint.id, description: 'Theirs' })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog.getByRole('row', { name: 'Description Theirs Mine' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Discard mine' }).click()
  await expect(page.getByRole('heading', { name: 'Theirs' })).toBeVisible()
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
