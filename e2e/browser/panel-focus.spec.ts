import type { Page } from '@playwright/test'
import { adminOf, expect } from '../system/system.ts'
import { goTo } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

const links = (page: Page) => page.getByRole('table', { name: 'Webhooks' }).getByRole('link')
const panelOf = (page: Page) => page.getByRole('complementary', { name: 'Endpoint' })

test('a panel that closes gives the focus to its row, to the row after one that has gone, to the heading', async ({
  system,
  dashboard: page,
}) => {
  const { webhooks, ...admin } = adminOf(system)
  await admin.createTenant({ id: 'panels', name: 'Panels' })
  for (const name of ['first', 'second', 'third']) {
    const url = `https://${name}.example/hook`
    await webhooks.create({ tenantId: 'panels', url, description: name })
  }
  await goTo(page, '/webhooks?tenant=panels')
  await expect(links(page)).toHaveCount(3)
  await links(page).nth(0).click()
  await expect(panelOf(page)).toBeFocused()
  await links(page).nth(1).click()
  await expect(panelOf(page).getByRole('heading', { level: 2 })).toHaveText(
    (await links(page).nth(1).textContent()) ?? '',
  )
  await page.keyboard.press('Escape')
  await expect(links(page).nth(1)).toBeFocused()

  for (const left of [2, 1, 0]) {
    const at = Math.min(1, left)
    await links(page).nth(at).focus()
    await page.keyboard.press('Enter')
    await expect(panelOf(page)).toBeFocused()
    await panelOf(page)
      .getByRole('button', { name: /^Actions for / })
      .focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Delete' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).focus()
    await page.keyboard.press('Enter')
    await expect(links(page)).toHaveCount(left)
    await expect(panelOf(page)).toHaveCount(0)
    if (left > 0) await expect(links(page).nth(Math.min(at, left - 1))).toBeFocused()
  }
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
})
