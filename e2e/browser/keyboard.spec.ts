import type { Page, Route } from '@playwright/test'
import { adminOf, expect } from '../system/system.ts'
import { goTo, NOWHERE, openDashboard } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

/**
 * Goes to a page and waits until its title has the focus. It takes it, on a busy machine a moment after the
 * page is there, from what a test has given it to meanwhile.
 */
async function arriveAt(page: Page, path: string, title: string): Promise<void> {
  await goTo(page, path)
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeFocused()
}

test('a filter that is chosen by keyboard keeps the focus', async ({ dashboard: page }) => {
  for (const [path, title, kind] of [
    ['/events', 'Events', 'All of numbers'],
    ['/audit', 'Audit', 'Signed in'],
  ] as const) {
    await arriveAt(page, path, title)
    const kinds = page.getByRole('main').getByLabel('Kind')
    await kinds.focus()
    await page.keyboard.press('ArrowDown')
    await expect(kinds.locator('option:checked')).toHaveText(kind)
    await expect(page).toHaveURL(/kind=/)
    await expect(kinds).toBeFocused()
    // Its two fields take the place of the one that had the focus, and back.
    await page.getByRole('main').getByLabel('Time').focus()
    await page.keyboard.press('ArrowDown')
    await expect(page.getByLabel('From')).toBeFocused()
    // Half a moment, while somebody types.
    await page.keyboard.press('Backspace')
    await expect(page.getByLabel('From')).toBeFocused()
    await page.getByRole('button', { name: 'Any time' }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('main').getByLabel('Time')).toBeFocused()
  }
})

test('a page that comes late takes the focus, but not from who has pressed Tab meanwhile', async ({
  page,
  system,
}) => {
  await openDashboard(page, system, '/events')
  await expect(page.getByRole('heading', { level: 1, name: 'Events' })).toBeVisible()
  for (const [name, code, isMovedOn] of [
    ['Webhooks', /webhooks-page-[^/]*\.js$/, true],
    ['Tenants', /tenants-page-[^/]*\.js$/, false],
  ] as const) {
    // The request is seen before its route is: what waits for the request only could go on too early.
    let hold = (_: Route) => {}
    const held = new Promise<Route>((resolve) => {
      hold = resolve
    })
    await page.route(code, (route) => hold(route))
    const link = page.getByRole('link', { name, exact: true })
    await link.focus()
    await page.keyboard.press('Enter')
    const request = await held
    if (isMovedOn) await page.keyboard.press('Tab')
    const next = await page.evaluate(() => document.activeElement?.textContent ?? '')
    await request.continue()
    const title = page.getByRole('heading', { level: 1, name })
    await expect(title).toBeVisible()
    // Its effects have run by then.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    if (isMovedOn) await expect(page.getByRole('link', { name: next, exact: true })).toBeFocused()
    else await expect(title).toBeFocused()
  }
})

test('a page that does not exist gives its title the focus too, and the page after it', async ({
  page,
  system,
}) => {
  await openDashboard(page, system, NOWHERE)
  await expect(page.getByRole('heading', { level: 1, name: 'There is no such page' })).toBeVisible()
  await arriveAt(page, '/overview', 'Overview')
  await arriveAt(page, NOWHERE, 'There is no such page')
})

test('the list of tenants closes when the focus leaves it', async ({ dashboard: page }) => {
  await arriveAt(page, '/overview', 'Overview')
  const button = page.getByRole('button', { name: 'Tenant: All tenants' })
  const search = page.getByPlaceholder('Find a tenant')
  const openList = async () => {
    await button.focus()
    await page.keyboard.press('Enter')
    await expect(search).toBeFocused()
  }
  await openList()
  await page.keyboard.press('Tab')
  await expect(search).toBeHidden()
  await expect(page.getByRole('button', { name: 'Search or jump to' })).toBeFocused()
  await openList()
  await page.keyboard.press('Shift+Tab')
  await expect(search).toBeHidden()
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await openList()
  await page.keyboard.press('Escape')
  await expect(search).toBeHidden()
  await expect(button).toBeFocused()
})

test('what has the focus is not below the bar with the buttons, and a preview shows that it has it', async ({
  dashboard: page,
}) => {
  await arriveAt(page, '/tenants/demo?tenant=demo', 'Demo')
  await page.getByLabel('Name', { exact: false }).first().focus()
  const bar = page.getByRole('button', { name: 'Save' }).locator('..')
  // A browser scrolls a field of several lines only to the line with the caret.
  const isBelow = async () => {
    const { y } = (await bar.boundingBox()) ?? { y: 0 }
    return page.evaluate((top) => (document.activeElement?.getBoundingClientRect().y ?? 0) + 24 > top, y)
  }
  for (let field = 0; field < 20; field++) {
    await page.keyboard.press('Tab')
    await expect.poll(isBelow, { message: `field ${field}` }).toBe(false)
  }
  await goTo(page, '/tenants/demo?tenant=demo&tab=mail')
  const frame = page.locator('iframe')
  await expect(frame.contentFrame().getByText('1234 5678 9012', { exact: true })).toBeVisible()
  await page.getByRole('combobox', { name: /^Part/ }).focus()
  await page.keyboard.press('Tab')
  await expect(frame).toHaveCSS('outline-style', 'solid')
  await page.keyboard.press('Tab')
  await expect(frame).toHaveCSS('outline-style', 'none')
})

test('an act gives the focus back to its button', async ({ dashboard: page }) => {
  await arriveAt(page, '/tenants/demo?tenant=demo', 'Demo')
  const connection = page.getByRole('button', { name: 'Test the connection' })
  await connection.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText(/greets with/)).toBeVisible()
  await expect(connection).toBeFocused()
})

test('a row that goes by its own act gives the focus to the next one, the one before, the heading', async ({
  system,
  dashboard: page,
}) => {
  const admin = adminOf(system)
  await admin.createTenant({ id: 'rows', name: 'Rows' })
  await admin.addSuppressions(
    'rows',
    ['a', 'b', 'c'].map((name) => ({ email: `${name}@example.com` })),
  )
  await arriveAt(page, '/messages?tenant=rows&list=suppressed', 'Messages')
  const list = page.getByRole('main').getByRole('listitem')
  await expect(list).toHaveCount(3)
  const buttons = list.getByRole('button')
  await buttons.nth(1).focus()
  const third = await buttons.nth(2).getAttribute('aria-label')
  await page.keyboard.press('Enter')
  await expect(list).toHaveCount(2)
  await expect(page.getByRole('button', { name: third ?? '' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(list).toHaveCount(1)
  await expect(buttons).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(list).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Suppressed addresses' })).toBeFocused()
})

test('a key that is revoked by keyboard alone leaves the focus in its list', async ({
  system,
  dashboard: page,
}) => {
  const admin = adminOf(system)
  await admin.createTenant({ id: 'keyed', name: 'Keyed' })
  for (const name of ['one', 'two'])
    await admin.createApiKey({ scope: 'TENANT', tenantId: 'keyed', name: `key ${name}` })
  await arriveAt(page, '/tenants/keyed?tenant=keyed&tab=keys', 'Keyed')
  const menus = page.getByRole('table').getByRole('button', { name: /^Actions for / })
  await expect(menus).toHaveCount(2)
  for (const left of [1, 0]) {
    await menus.first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Revoke' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Revoke this key?' })
    await dialog.getByRole('button', { name: 'Revoke' }).focus()
    await page.keyboard.press('Enter')
    await expect(menus).toHaveCount(left)
    if (left > 0) await expect(menus.first()).toBeFocused()
  }
  await expect(page.locator('main h2:focus, main h1:focus')).toHaveCount(1)
})
