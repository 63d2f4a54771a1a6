import type { Page } from '@playwright/test'
import { numberFor } from '../system/mails.ts'
import { expect, register, verify } from '../system/system.ts'
import { expectAccessible, expectNarrowColours, goTo, MAIN } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

/** What a first visit may cost until somebody can sign in, in bytes as they come: brotli, the font too. */
const FIRST_LOAD_MOST = 150_000

const heading = (page: Page) => page.getByRole('heading', { level: 1, name: 'Events' })
const row = (page: Page, email: string, what: string) =>
  page.getByRole('row').filter({ hasText: email }).filter({ hasText: what })

test('what happens shows by itself, is counted, and can be filtered by kind', async ({
  system,
  dashboard: page,
}) => {
  await register(system, 'before@example.com')
  await goTo(page, '/events')
  await expect(heading(page)).toBeVisible()
  await expect(row(page, 'before@example.com', 'Registered')).toHaveCount(1)
  await expect(page.getByText('Live', { exact: true })).toBeVisible()

  await register(system, 'after@example.com')
  await expect(row(page, 'after@example.com', 'Registered')).toHaveCount(1)
  await expect(row(page, 'after@example.com', 'Mail accepted')).toHaveCount(1)
  expect(await verify(system, await numberFor(system, 'after@example.com'))).toBe('Verified')
  await expect(row(page, 'after@example.com', 'Verified')).toHaveCount(1)

  await page.getByLabel('Kind').selectOption({ label: 'Verified' })
  await expect(page).toHaveURL(/kind=VERIFIED/)
  await expect(row(page, 'before@example.com', 'Registered')).toHaveCount(0)
  await page.getByLabel('Kind').selectOption({ label: 'Mail refused' })
  await expect(page.getByText('Nothing matches')).toBeVisible()
})

test('a pause holds the list, and nothing is missed', async ({ system, dashboard: page }) => {
  await goTo(page, '/events')
  // A list that is loaded after the pause would have the event.
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByText('Paused', { exact: true })).toBeVisible()
  await register(system, 'held@example.com')
  await expect(page.getByRole('button', { name: /^\d+ new/ })).toBeVisible()
  await expect(row(page, 'held@example.com', 'Registered')).toHaveCount(0)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(row(page, 'held@example.com', 'Registered')).toHaveCount(1)
})

test('axe finds nothing, and the audit log has what admins did', async ({ system, dashboard: page }) => {
  await register(system, 'axe-events@example.com')
  await goTo(page, '/events')
  await expect(row(page, 'axe-events@example.com', 'Registered')).toHaveCount(1)
  await expectAccessible(page, MAIN)
  await expectNarrowColours(page)
  const query = 'mutation { createTenant(input: { id: "audited", name: "Audited" }) { id } }'
  await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  await page.getByRole('link', { name: 'Audit' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'audited' })).toBeVisible()
  // No row has a link, so only the list itself can have the focus by which keys scroll it.
  await page.locator('[data-scroller]').focus()
  await expect(page.locator('[data-scroller]')).toBeFocused()
  await expect(row(page, 'axe-events@example.com', 'Registered')).toHaveCount(0)
  await expectAccessible(page, MAIN)

  const change = 'mutation { updateTenant(input: { id: "audited", settings: { ttlSeconds: 900 } }) { id } }'
  await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${system.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: change }),
  })
  // Other tests of this system change tenants too.
  const changed = page.getByRole('row').filter({ hasText: 'Tenant changed' }).filter({ hasText: 'audited' })
  await expect(changed).toContainText('Lifetime of a number: 600 → 900')
  await expect(changed).not.toContainText('version')
  await page.getByLabel('Actor').fill('nobody@example.com')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/actor=nobody/)
  await expect(page.getByText('Nothing matches')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByLabel('Time').selectOption({ label: 'Last hour' })
  await expect(page).toHaveURL(/from=20/)
  await expect(changed).toHaveCount(1)
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download as CSV' }).click()
  expect((await file).suggestedFilename()).toBe('events.csv')
})

test('the first load is compressed, and brings neither charts nor lists', async ({ system, page }) => {
  const files = new Map<string, number>()
  const sizes: Promise<void>[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (!/\.(js|css|woff2)$|\/admin\/$/.test(pathname)) return
    sizes.push(
      response
        .request()
        .sizes()
        .then(({ responseBodySize }) => void files.set(pathname, responseBodySize)),
    )
    if (/\.(js|css)$/.test(pathname)) {
      const encoding = response.headers()['content-encoding']
      if (Number(response.headers()['content-length']) > 1024)
        expect([pathname, encoding]).toEqual([pathname, 'br'])
    }
  })
  await page.goto(`${system.url}/admin/`)
  await expect(page.getByLabel('Admin key')).toBeVisible()
  await page.waitForLoadState('networkidle')
  await Promise.all(sizes)
  expect(files.size).toBeGreaterThan(3)
  expect([...files.keys()].filter((name) => /chart|events|identities/i.test(name))).toEqual([])
  const bytes = [...files.values()].reduce((sum, size) => sum + size, 0)
  expect(bytes).toBeLessThan(FIRST_LOAD_MOST)
})
