import { setTimeout as wait } from 'node:timers/promises'
import type { Request } from '@playwright/test'
import { numberFor } from '../system/mails.ts'
import { adminOf, expect, register, verify } from '../system/system.ts'
import { DIALOG, expectAccessible, expectNarrowColours, goTo, MAIN } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

/** Longer than a dialog on a phone. */
const LONG = 'carol.of.the.department.for.long.names@subdomain.of.the.company.example.com'
const PANEL = 'aside[aria-label="Identity"]'

test('new identities wait behind a button, rows keep their positions, and an end shows in its row', async ({
  system,
  dashboard: page,
}) => {
  await register(system, 'alice@example.com')
  await goTo(page, '/identities')
  const table = page.getByRole('table', { name: 'Identities' })
  const rowOf = (email: string) => table.getByRole('row').filter({ hasText: email })
  await expect(rowOf('alice@example.com')).toContainText('Sent')
  const before = await rowOf('alice@example.com').boundingBox()
  // Headings and filters leave the screen to the list.
  expect(before?.y).toBeLessThan(180)

  await register(system, LONG)
  const pill = page.getByRole('button', { name: '1 new' })
  await expect(pill).toBeVisible()
  expect(await rowOf('alice@example.com').boundingBox()).toEqual(before)
  await pill.click()
  await expect(rowOf(LONG)).toBeVisible()

  await rowOf(LONG)
    .getByRole('button', { name: `Actions for ${LONG}` })
    .click()
  await expect(page.getByRole('menuitem', { name: 'Revoke' })).toBeVisible()
  await expectAccessible(page, MAIN)
  await expectNarrowColours(page)
  await page.getByRole('menuitem', { name: 'Revoke' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(LONG)
  await expectAccessible(page, DIALOG)
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await expect(rowOf(LONG)).toContainText('Revoked')
  expect(await verify(system, await numberFor(system, LONG))).toBe('WrongCredentials')
})

test('many are revoked at once, after their number is typed', async ({ system, dashboard: page }) => {
  for (const email of ['m1@example.com', 'm2@example.com', 'm3@example.com']) await register(system, email)
  await goTo(page, '/identities')
  for (const email of ['m1@example.com', 'm2@example.com'])
    await page.getByRole('checkbox', { name: `Select ${email}` }).check()
  const bar = page.getByRole('region', { name: 'Selection' })
  await expect(bar).toContainText('2 selected')
  await bar.getByRole('button', { name: 'Revoke' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Revoke' })).toBeDisabled()
  await dialog.getByLabel('Type 2 to go on').fill('2')
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  const table = page.getByRole('table')
  for (const email of ['m1@example.com', 'm2@example.com'])
    await expect(table.getByRole('row').filter({ hasText: email })).toContainText('Revoked')
  await expect(table.getByRole('row').filter({ hasText: 'm3@example.com' })).toContainText('Sent')
})

/** Rows come faster than a person clicks. Without a pause the system and the browser starve each other. */
const BETWEEN_REGISTERS_MS = 50
const CLICKS = process.env.EMAILAUTH_FULL === '1' ? 100 : 25

test(`${CLICKS} clicks on the fifth row all open the row that was aimed at, while others register`, async ({
  system,
  dashboard: page,
}) => {
  for (let at = 0; at < 8; at++) await register(system, `aim${at}@example.com`)
  await goTo(page, '/identities')
  const fifth = page.getByRole('table').locator('tbody tr[data-index="4"]')
  const aimed = await fifth.getByRole('link').textContent()
  const url = `${system.url}/graphql`
  let going = true
  const registering = (async () => {
    for (let at = 0; going; at++) {
      const query = `mutation { register(input: { email: "flood${at}@example.com", token: "t" }) { __typename } }`
      await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${system.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      await wait(BETWEEN_REGISTERS_MS)
    }
  })()
  const panel = page.getByRole('complementary', { name: 'Identity' })
  try {
    for (let click = 0; click < CLICKS; click++) {
      const box = await fifth.boundingBox()
      if (box === null) throw new Error('The row is gone.')
      await page.mouse.click(box.x + 150, box.y + box.height / 2)
      await expect(panel.getByRole('heading', { level: 2 })).toHaveText(aimed ?? '')
      if (click % 10 === 9) await page.keyboard.press('Escape')
    }
  } finally {
    going = false
    await registering
  }
  await expect(page.getByRole('button', { name: /new$/ })).toBeVisible()
})

test('search by whole address, in the URL; a row opens a panel with its timeline, also after its end', async ({
  system,
  dashboard: page,
}) => {
  // The usual 30 s between two mails may pass before a busy machine comes to the button.
  const limit = (mailsPerAddress: { max: number; windowSeconds: number }[] | null) =>
    adminOf(system).updateTenant({ id: 'demo', settings: { mailsPerAddress } })
  await limit([{ max: 1, windowSeconds: 3600 }])
  for (const email of ['dan@example.com', 'dora@example.com']) await register(system, email)
  await goTo(page, '/identities')
  await page.getByLabel('Search by address, domain or ID').fill('DAN@example.com')
  const table = page.getByRole('table')
  await expect(table.getByText('dora@example.com')).toHaveCount(0)
  await table.getByRole('link', { name: 'dan@example.com' }).click()
  await expect(page).toHaveURL(/email=DAN%40example.com&open=demo/)
  const panel = page.getByRole('complementary', { name: 'Identity' })
  await expect(panel.getByRole('listitem')).toContainText(['Registered', 'Mail accepted'])
  await expectAccessible(page, PANEL)
  await panel.getByRole('button', { name: 'Mail again' }).click()
  await expect(panel.getByRole('button', { name: /Mail again in \d+ s/ })).toBeDisabled()
  await limit(null)

  expect(await verify(system, await numberFor(system, 'dan@example.com'))).toBe('Verified')
  await expect(panel.getByRole('listitem').last()).toContainText('Verified')
  await expect(panel.getByRole('button', { name: 'Find this address' })).toBeVisible()
  await page.reload()
  await expect(panel.getByRole('listitem').last()).toContainText('Verified')
  await expect(panel.getByRole('heading', { level: 2 })).toHaveText('dan@example.com')
  await page.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)
})

test('a late answer never takes back what a panel has shown since', async ({ system, dashboard: page }) => {
  await register(system, 'late@example.com')
  const number = await numberFor(system, 'late@example.com')
  await goTo(page, '/identities')
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let isFirst = true
  let held: Request | undefined
  // The page gives up a request that takes too long, which is an end too.
  const ended = new Set<Request>()
  page.on('requestfinished', (request) => ended.add(request))
  page.on('requestfailed', (request) => ended.add(request))
  // The first answer about the identity is held back. It knows nothing of what happens then.
  await page.route('**/graphql', async (route) => {
    const isOfPanel = /"variables":\{"id":"demo\./.test(route.request().postData() ?? '')
    if (!isOfPanel || !isFirst) return route.continue()
    isFirst = false
    const response = await route.fetch()
    held = route.request()
    await released
    await route.fulfill({ response })
  })
  await page.getByRole('table').getByRole('link', { name: 'late@example.com' }).click()
  await expect.poll(() => held).toBeDefined()
  // What stands in for the answer does not move: this browser asks for less motion.
  await expect(page.locator('aside .mantine-Skeleton-root').first()).toBeVisible()
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
  expect(await verify(system, number)).toBe('Verified')
  const panel = page.getByRole('complementary', { name: 'Identity' })
  await expect(panel.getByRole('listitem').last()).toContainText('Verified')
  release()
  await expect.poll(() => held !== undefined && ended.has(held)).toBe(true)
  // The page has drawn what came.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))))
  await expect(panel.getByRole('listitem').last()).toContainText('Verified')
})

test('search by domain and by request id; the timeline has the relay and its reply', async ({
  system,
  dashboard: page,
}) => {
  const query = 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }'
  const variables = { input: { email: 'ines@bücher.example', token: 't' } }
  let requestId = ''
  // A busy system may refuse a call, which the CLI would make again.
  await expect(async () => {
    const reply = await fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    expect(await reply.json()).toEqual({ data: { register: { __typename: 'Registered' } } })
    requestId = reply.headers.get('x-request-id') ?? ''
  }).toPass({ timeout: 60_000 })
  await register(system, 'iris@example.com')
  await goTo(page, '/identities')
  const table = page.getByRole('table')
  const search = page.getByLabel('Search by address, domain or ID')
  await expect(table.getByText('iris@example.com')).toBeVisible()
  await search.fill('@Bücher.example')
  await expect(table.getByText('iris@example.com')).toHaveCount(0)
  await expect(table.getByText('ines@bücher.example')).toBeVisible()
  await expect(page).toHaveURL(/domain=B%C3%BCcher.example/)
  await search.fill('nobody.example')
  await search.press('Enter')
  await expect(page.getByText('Nothing matches')).toBeVisible()

  await search.fill(requestId)
  await search.press('Enter')
  const panel = page.getByRole('complementary', { name: 'Identity' })
  await expect(panel.getByRole('heading', { level: 2 })).toHaveText('ines@bücher.example')
  await expect(panel.getByRole('listitem').filter({ hasText: 'Mail accepted' })).toContainText(
    /\d+(\.\d+){3}:\d+250 /,
  )
  await expect(panel.getByRole('listitem').last()).toContainText('Expires')
  await expect(panel).toContainText(requestId)
  await expectAccessible(page, PANEL)
  await page.keyboard.press('Escape')
  await search.fill('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  await search.press('Enter')
  await expect(page.getByText('No identity of this request')).toBeVisible()
})
