import { goTo } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'
import { expect } from './system.ts'

test('a filter that is chosen by keyboard keeps the focus', async ({ dashboard: page }) => {
  for (const [path, title, kind] of [
    ['/events', 'Events', 'All of numbers'],
    ['/audit', 'Audit', 'Signed in'],
  ] as const) {
    await goTo(page, path)
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
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

test('the list of tenants closes when the focus leaves it', async ({ dashboard: page }) => {
  await goTo(page, '/overview')
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
  await goTo(page, '/tenants/demo?tenant=demo')
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
  await goTo(page, '/tenants/demo?tenant=demo')
  const connection = page.getByRole('button', { name: 'Test the connection' })
  await connection.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText(/greets with/)).toBeVisible()
  await expect(connection).toBeFocused()
})
