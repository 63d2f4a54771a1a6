import type { Locator } from '@playwright/test'
import { expect } from '../system/system.ts'
import { goTo } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

const colourOf = (place: Locator, property: 'backgroundColor' | 'borderBottomColor') =>
  place.evaluate((element, name) => getComputedStyle(element)[name], property)

test('with forced colours the current page, the current tab and bars are still seen', async ({
  dashboard: page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await goTo(page, '/tenants/demo')
  const nav = page.getByRole('navigation', { name: 'Main' })
  const current = nav.getByRole('link', { name: 'Tenants' })
  await expect(current).toHaveAttribute('aria-current', 'page')
  const other = await colourOf(nav.getByRole('link', { name: 'Audit' }), 'backgroundColor')
  expect(await colourOf(current, 'backgroundColor')).not.toBe(other)
  const tab = page.getByRole('link', { name: 'Settings', exact: true })
  await expect(tab).toHaveAttribute('aria-current', 'true')
  const otherTab = await colourOf(page.getByRole('link', { name: 'API keys' }), 'borderBottomColor')
  expect(await colourOf(tab, 'borderBottomColor')).not.toBe(otherTab)
  await goTo(page, '/overview?range=1h')
  const bar = page
    .getByRole('region', { name: 'From registration to verification' })
    .locator('[data-bar]')
    .first()
  await expect(bar).toBeAttached()
  expect(await colourOf(bar, 'backgroundColor')).not.toBe(
    await colourOf(page.locator('body'), 'backgroundColor'),
  )
  await page.emulateMedia({ forcedColors: 'none' })
})
