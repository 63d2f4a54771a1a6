import { numberFor } from '../system/mails.ts'
import { expect, newAdmin, test } from '../system/system.ts'

const PAGES = ['overview', 'identities', 'messages', 'events', 'tenants', 'audit', 'sessions', 'system']
/** Cumulative Layout Shift; up to 0.1 counts as good on the web. */
const MOST = 0.02

declare global {
  /** What has moved on this page so far: 0 is nothing. */
  var shifted: number
}

/** Runs in the page, before its own code. */
function sumShifts(): void {
  globalThis.shifted = 0
  new PerformanceObserver((list) => {
    const shifts = list.getEntries() as (PerformanceEntry & { readonly value: number })[]
    for (const { value } of shifts) globalThis.shifted += value
  }).observe({ type: 'layout-shift', buffered: true })
}

test('pages hold still while their parts come in', async ({ system, page }) => {
  const admin = newAdmin()
  await page.goto(`${system.url}/admin/`)
  await page.getByLabel('Your email address').fill(admin)
  await page.getByRole('button', { name: 'Mail me a number' }).click()
  await page.getByLabel('Number from the mail').fill(await numberFor(system, admin))
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await page.addInitScript(sumShifts)
  const moved: string[] = []
  // On a phone most of a page lies below what comes late.
  await page.setViewportSize({ width: 412, height: 823 })
  for (const name of PAGES) {
    await page.goto(`${system.url}/admin/${name}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle')
    await expect(page.locator('main .mantine-Skeleton-root')).toHaveCount(0)
    const shift = await page.evaluate(() => globalThis.shifted)
    if (shift > MOST) moved.push(`${name}: ${shift.toFixed(3)}`)
  }
  expect(moved).toEqual([])
})
