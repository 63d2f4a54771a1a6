import type { Page } from '@playwright/test'
import type { System } from '../system/running-system.ts'
import { hang } from '../system/service-process.ts'
import { adminOf, expect, register } from '../system/system.ts'
import { goTo, openDashboard, pressUntil } from './dashboard-page.ts'
import { test as withDashboard } from './open-dashboard.ts'

const test = withDashboard
test.skip(process.platform !== 'linux', 'a service is stopped by its process id, which /proc tells')

const strip = (page: Page) => page.getByRole('alert').filter({ hasText: 'The page goes on trying' })
/** Everything on the page that reports a failure. */
const reports = (page: Page) => page.getByRole('alert').filter({ hasText: /\S/ })

async function newAdminKey(system: System): Promise<{ id: string; key: string }> {
  const { apiKey, key } = await adminOf(system).createApiKey({ scope: 'ADMIN', name: 'ends soon' })
  return { id: apiKey.id, key }
}

async function signIn(page: Page, key: string) {
  await page.getByLabel('Admin key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeAttached()
}

/** Status of calls with a key, each on a connection of its own: in turn to every gateway. */
async function statusOfCalls(system: System, key: string, calls: number): Promise<number[]> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    connection: 'close',
  }
  const body = JSON.stringify({ query: '{ viewer { scope } }' })
  const statuses: number[] = []
  for (let i = 0; i < calls; i++)
    statuses.push((await fetch(`${system.url}/graphql`, { method: 'POST', headers, body })).status)
  return statuses
}

test('a hung mailer: identities are listed, and one strip says what is missing', async ({
  system,
  dashboard: page,
}) => {
  await register(system, 'hung@example.com')
  await goTo(page, '/overview')
  const goOn = await hang(system, 'mailer')
  try {
    await page.getByRole('link', { name: 'Identities', exact: true }).click()
    await expect(page.getByRole('table').getByText('hung@example.com')).toBeVisible({ timeout: 20_000 })
    await expect(strip(page)).toContainText('The mailer does not answer', { timeout: 20_000 })
    await expect(reports(page)).toHaveCount(1)
    await goTo(page, '/system')
    await expect(page.getByRole('listitem').filter({ hasText: 'mailer' }).first()).toContainText(
      'Does not answer',
      { timeout: 20_000 },
    )
  } finally {
    goOn()
  }
  await expect(page.getByRole('listitem').filter({ hasText: 'mailer' }).first()).toContainText('Ready', {
    timeout: 30_000,
  })
})

test('a hung persistence: the statistics that were known stay, and one strip names it', async ({
  system,
  dashboard: page,
}) => {
  await register(system, 'known@example.com')
  await goTo(page, '/overview')
  const registered = page.getByTestId('sum-REGISTERED')
  await expect(registered).toHaveText(/^[1-9]/, { timeout: 30_000 })
  const goOn = await hang(system, 'persistence')
  try {
    await expect(strip(page)).toContainText('Persistence does not answer', { timeout: 60_000 })
    await expect(reports(page)).toHaveCount(1)
    await expect(registered).toHaveText(/^[1-9]/)
  } finally {
    goOn()
  }
  await expect(strip(page)).toHaveCount(0, { timeout: 60_000 })
  // Calls of the tests that follow are made once.
  await expect(() => adminOf(system).updateTenant({ id: 'demo', settings: {} })).toPass()
})

test('a session that ends while one types: after the sign-in everything typed is there', async ({
  system,
  page,
}) => {
  await adminOf(system).createTenant({ id: 'typed', name: 'Typed' })
  const { id, key } = await newAdminKey(system)
  await page.goto(`${system.url}/admin/tenants/typed?tenant=typed&tab=mail`)
  await signIn(page, key)
  await page.getByLabel('Heading').fill('Half-typed {tenant}')
  await expect(page.getByText('Not saved yet')).toBeVisible()
  expect(await adminOf(system).revokeApiKey(id)).toBe(true)
  await expect(page.getByText('Your session is over. Sign in again')).toBeVisible({ timeout: 30_000 })
  await expect(reports(page)).toHaveCount(1)
  await expect(page.getByLabel('Heading')).toBeHidden()
  await signIn(page, system.adminKey)
  await expect(page.getByLabel('Heading')).toHaveValue('Half-typed {tenant}')
  await pressUntil(page.getByRole('button', { name: 'Save the texts' }), page.getByText('Texts saved'))

  // A dialog waits behind the sign-in page as well, and is not seen through it.
  const next = await newAdminKey(system)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.goto(`${system.url}/admin/tenants?new=1`)
  await signIn(page, next.key)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Typed before the end')
  expect(await statusOfCalls(system, next.key, 2)).toEqual([200, 200])
  expect(await adminOf(system).revokeApiKey(next.id)).toBe(true)
  // Each gateway remembers a key for some seconds, and the page's next call may go to any of them.
  await expect(async () => {
    expect(await statusOfCalls(system, next.key, 4)).toEqual([401, 401, 401, 401])
  }).toPass({ timeout: 30_000 })
  await expect(async () => {
    // The act finds that the session has ended, or another call of the page, and then the button is gone.
    if (await dialog.isVisible())
      await dialog.getByRole('button', { name: 'Create' }).click({ timeout: 1000 })
    await expect(page.getByText('Your session is over. Sign in again')).toBeVisible({ timeout: 1000 })
  }).toPass({ timeout: 30_000 })
  await expect(dialog).toBeHidden()
  await signIn(page, system.adminKey)
  await expect(dialog.getByLabel('Name')).toHaveValue('Typed before the end')
})

test('two tabs change different settings of one tenant, and neither undoes the other', async ({
  system,
  dashboard: one,
}) => {
  await adminOf(system).createTenant({ id: 'two-tabs', name: 'Two tabs' })
  const two = await one.context().newPage()
  await goTo(one, '/tenants/two-tabs?tenant=two-tabs')
  await openDashboard(two, system, '/tenants/two-tabs?tenant=two-tabs')
  await one.getByLabel('Tries when bound').fill('4')
  await two.getByLabel('Sender’s name').fill('Second tab')
  for (const page of [one, two])
    await pressUntil(page.getByRole('button', { name: 'Save' }), page.getByText('Saved', { exact: true }))
  await one.reload()
  await expect(one.getByLabel('Tries when bound')).toHaveValue('4')
  await expect(one.getByLabel('Sender’s name')).toHaveValue('Second tab')
})
