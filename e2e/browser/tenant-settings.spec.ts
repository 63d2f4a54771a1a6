import { adminOf, expect } from '../system/system.ts'
import { expectAccessible, goTo, MAIN, openDashboard, setSize } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

const SCREEN = { width: 1280, height: 720 }

test("what is unusual in a relay's URL stands below its field as it is typed", async ({
  dashboard: page,
}) => {
  await goTo(page, '/tenants/demo')
  const sender = page.getByRole('region', { name: 'Sender and relay' })
  const url = sender.getByLabel('Relay (SMTP URL)', { exact: true })
  await expect(url).toBeVisible()
  // An empty list would be read out as one.
  await expect(sender.getByRole('list', { includeHidden: true })).toHaveCount(0)
  await expect(sender.getByRole('status')).toHaveCount(2)
  await url.fill('smtps://relay.example.com:587?starttls=required')
  const lines = sender.getByRole('status').first().getByRole('listitem')
  await expect(lines).toHaveText([/^Unusual.*smtps:\/\/ speaks TLS/, /^Unusual.*STARTTLS at port 587/])
  await expectAccessible(page, MAIN)
  await url.fill('smtp://relay.example.com:587')
  await expect(sender.getByRole('list', { includeHidden: true })).toHaveCount(0)
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect(url).toHaveValue('')
})

test('tenants stand by name, and numbers in it by their value', async ({ page, system }) => {
  const names = ['Order 2', 'Order 10', 'Órder 11']
  for (const [at, name] of names.entries())
    await adminOf(system).createTenant({ id: `by-name-${names.length - at}`, name })
  await openDashboard(page, system, '/tenants')
  const ofTest = page.getByRole('table').getByRole('link', { name: /^[OÓ]rder/ })
  await expect(ofTest).toHaveText(names)
  await page.getByRole('button', { name: 'Tenant: All tenants' }).click()
  await expect(page.getByRole('option', { name: /^[OÓ]rder/ })).toHaveText(
    names.map((name) => new RegExp(name)),
  )
})

test('the risk of the settings is said in the language of the page', async ({ page, system }) => {
  await openDashboard(page, system, '/tenants/demo')
  const risk = page.getByRole('region', { name: /^Verifica/ }).getByRole('status')
  await expect(risk).toContainText(
    '(1,000 × 900 live + 90,000) / 10^12 = 9.9e-7 in an hour; accepted: 1.0e-6',
  )
  await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Español' })
  await expect(risk).toContainText(/900 activas \+ .* = 9\.9e-7 en una hora; aceptado: 1\.0e-6/)
})

test('an empty list of a tenant leads to its API keys, not to a command with the key of another', async ({
  dashboard: page,
  system,
}) => {
  await adminOf(system).createTenant({ id: 'nobody-yet', name: 'Nobody yet' })
  await goTo(page, '/identities?tenant=nobody-yet')
  await expect(page.getByRole('heading', { name: 'No live identities' })).toBeVisible()
  await expect(page.getByText('npx emailauth register')).toHaveCount(0)
  await page.getByRole('link', { name: 'API keys of this tenant' }).click()
  await expect(page).toHaveURL(/\/tenants\/nobody-yet\?tenant=nobody-yet&tab=keys$/)
  await expect(page.getByRole('button', { name: 'Create key' })).toBeVisible()
})

test('a save that failed can be made again at once: what is said about it covers no button', async ({
  dashboard: page,
}) => {
  await goTo(page, '/tenants/demo')
  const life = page.getByLabel('Lifetime of a number')
  const save = page.getByRole('button', { name: 'Save' })
  for (const size of [SCREEN, { width: 390, height: 844 }]) {
    await setSize(page, size)
    await life.fill('700')
    await page.route('**/graphql*', (route) => route.abort())
    await save.click()
    await expect(page.getByText('Not saved', { exact: true })).toBeVisible()
    await page.unroute('**/graphql*')
    expect(await save.evaluate(isOnTop)).toBe(true)
    await page.getByRole('alert').getByRole('button').last().click()
    await page.getByRole('button', { name: 'Reset' }).click()
  }
})

test('what is typed and not saved is still there after a look at another page', async ({
  dashboard: page,
}) => {
  await goTo(page, '/tenants/demo')
  const life = page.getByLabel('Lifetime of a number')
  await expect(page.getByText('Not saved yet')).toHaveCount(0)
  await life.fill('700')
  await expect(page.getByText('Not saved yet')).toBeVisible()
  await page.getByRole('link', { name: 'API keys' }).click()
  await expect(page.getByRole('button', { name: 'Create key' })).toBeVisible()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'System' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'System' })).toBeVisible()
  await goTo(page, '/tenants/demo')
  await expect(life).toHaveValue('700')
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect(page.getByText('Not saved yet')).toHaveCount(0)
  await goTo(page, '/system')
  await expect(page.getByRole('heading', { level: 1, name: 'System' })).toBeVisible()
  await goTo(page, '/tenants/demo')
  await expect(life).toHaveValue('600')
})

test('a look and texts of mails that are not saved are still there after a look at another page', async ({
  dashboard: page,
}) => {
  await goTo(page, '/tenants/demo?tab=mail')
  const colour = page.getByLabel('Colour', { exact: true })
  const heading = page.getByLabel('Heading')
  await colour.fill('#1a73e8')
  await heading.fill('Welcome to {tenant}')
  await page.getByRole('link', { name: 'API keys' }).click()
  await expect(page.getByRole('button', { name: 'Create key' })).toBeVisible()
  await goTo(page, '/tenants/demo?tab=mail')
  await expect(page.frameLocator('iframe').getByText('Welcome to Demo')).toBeVisible()
  await expect(colour).toHaveValue('#1a73e8')
  await expect(heading).toHaveValue('Welcome to {tenant}')
  for (const reset of await page.getByRole('button', { name: 'Reset' }).all()) await reset.click()
  await expect(page.getByText('Not saved yet')).toHaveCount(0)
  await page.getByRole('link', { name: 'API keys' }).click()
  await expect(page.getByRole('button', { name: 'Create key' })).toBeVisible()
  await goTo(page, '/tenants/demo?tab=mail')
  await expect(colour).toHaveValue('')
  await expect(heading).toHaveValue('')
})

/** Runs in the page: nothing is above the middle of the element. */
function isOnTop(element: Element): boolean {
  const { x, y, width, height } = element.getBoundingClientRect()
  return element.contains(document.elementFromPoint(x + width / 2, y + height / 2))
}
