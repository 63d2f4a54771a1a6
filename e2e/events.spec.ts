import { gzipSync } from 'node:zlib'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, type System, test } from './system.ts'

/** What a first visit may cost until somebody can sign in, in bytes, compressed. */
const FIRST_LOAD_MOST = 210_000

async function signIn(page: Page, system: System, path: string) {
  await page.goto(`${system.url}/admin${path}`)
  await page.getByLabel('Admin key').fill(system.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const heading = (page: Page) => page.getByRole('heading', { level: 1, name: 'Events' })
const row = (page: Page, email: string, what: string) =>
  page.getByRole('row').filter({ hasText: email }).filter({ hasText: what })

async function register(system: System, email: string) {
  expect((await system.cli(['register', '--email', email, '--token', 't'])).code).toBe(0)
}

test('what happens shows by itself, is counted, and can be filtered by kind', async ({ system, page }) => {
  await register(system, 'before@example.com')
  await signIn(page, system, '/events')
  await expect(heading(page)).toBeVisible()
  await expect(row(page, 'before@example.com', 'Registered')).toHaveCount(1)
  await expect(page.getByText('Live', { exact: true })).toBeVisible()

  await register(system, 'after@example.com')
  await expect(row(page, 'after@example.com', 'Registered')).toHaveCount(1)
  await expect(row(page, 'after@example.com', 'Mail accepted')).toHaveCount(1)
  const [mail] = JSON.parse((await system.cli(['inbox', '--to', 'after@example.com', '--json'])).stdout)
  expect((await system.cli(['verify', mail.number])).code).toBe(0)
  await expect(row(page, 'after@example.com', 'Verified')).toHaveCount(1)
  await expect(page.getByTestId('sum-VERIFIED')).toHaveText(/^[1-9]/, { timeout: 15_000 })

  await page.getByLabel('Kind').selectOption({ label: 'Verified' })
  await expect(page).toHaveURL(/kind=VERIFIED/)
  await expect(row(page, 'before@example.com', 'Registered')).toHaveCount(0)
  await page.getByLabel('Kind').selectOption({ label: 'Mail refused' })
  await expect(page.getByText('Nothing matches')).toBeVisible()
})

test('a pause holds the list, and nothing is missed', async ({ system, page }) => {
  await signIn(page, system, '/events')
  await page.getByRole('button', { name: 'Pause' }).click()
  await register(system, 'paused@example.com')
  await expect(page.getByText('Paused')).toBeVisible()
  await expect(row(page, 'paused@example.com', 'Registered')).toHaveCount(0)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(row(page, 'paused@example.com', 'Registered')).toHaveCount(1)
})

test('a page whose gateway goes away says so, and goes on where it was', async ({ system, page }) => {
  await signIn(page, system, '/events')
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await system.killAll()
  await expect(page.getByText('Not connected')).toBeVisible({ timeout: 15_000 })
  await system.restart()
  await register(system, 'back@example.com')
  await expect(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 20_000 })
  await expect(row(page, 'back@example.com', 'Registered')).toHaveCount(1)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ system, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await register(system, `axe-events-${colorScheme}@example.com`)
    await signIn(page, system, '/events')
    await expect(row(page, `axe-events-${colorScheme}@example.com`, 'Registered')).toHaveCount(1)
    await expect(page.locator('.recharts-surface').first()).toBeVisible()
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  })
}

test('the first load does not bring the charts', async ({ system, page }) => {
  const files = new Map<string, Promise<Buffer>>()
  page.on('response', (response) => {
    if (/\.(js|css)$|\/admin\/$/.test(new URL(response.url()).pathname))
      files.set(response.url(), response.body())
  })
  await page.goto(`${system.url}/admin/`)
  await expect(page.getByLabel('Admin key')).toBeVisible()
  const bodies = await Promise.all(files.values())
  expect(files.size).toBeGreaterThan(3)
  expect([...files.keys()].filter((name) => /chart|events/i.test(name))).toEqual([])
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0)
  expect(bytes).toBeLessThan(FIRST_LOAD_MOST)
})
