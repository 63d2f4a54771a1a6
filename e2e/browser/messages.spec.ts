import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import type { Page } from '@playwright/test'
import { expect, register, startSystem, test } from '../system/system.ts'
import {
  comeBack,
  DIALOG,
  expectAccessible,
  goTo,
  MAIN,
  NOWHERE,
  openDashboard,
  setSize,
} from './dashboard-page.ts'

let system: Awaited<ReturnType<typeof startSystem>>
let smtp: TestSmtp

// A system whose relay is a server of the test.
test.beforeAll(async () => {
  smtp = await startSmtp()
  system = await startSystem({ EMAILAUTH_SMTP_URL: smtp.url }, 'serve')
})

test.afterAll(async () => {
  await system.remove()
  await smtp.stop()
})

/** Opens the page as the navigation does, without a state. */
async function openMessages(page: Page): Promise<void> {
  await goTo(page, NOWHERE)
  await goTo(page, '/messages')
}

test('mails that wait, by reason: one is given up, one is tried now, and then all', async ({ page }) => {
  let isOpen = false
  smtp.script.rcptTo = (address) => {
    if (isOpen) return undefined
    return address.startsWith('full')
      ? { code: 552, text: '5.2.2 Mailbox full' }
      : { code: 451, text: '4.7.1 Greylisted, try again later' }
  }
  for (const email of ['full@example.com', 'late@example.com', 'later@example.com']) {
    await register(system, email)
  }
  await openDashboard(page, system, '/overview')
  // Each attempt counts, and on a busy machine there may have been a second one.
  const problem = page.getByRole('link', { name: /^Mailbox full Mails delayed\s*[1-9]$/ })
  await expect(problem).toBeVisible({ timeout: 60_000 })
  await problem.click()
  await expect(page).toHaveURL(/state=DEFERRED&reason=MAILBOX_FULL/)
  const table = page.getByRole('table', { name: 'Messages' })
  const rowOf = (email: string) => table.getByRole('row').filter({ hasText: email })
  /** A mail that is being tried at this moment waits no more, and not yet again. */
  const listedAnew = (email: string) =>
    expect(async () => {
      await comeBack(page)
      await expect(rowOf(email)).toBeVisible({ timeout: 5000 })
    }).toPass({ timeout: 90_000 })
  /** The same of a list that has just been asked for. */
  const listed = (email: string) =>
    rowOf(email)
      .waitFor({ timeout: 5000 })
      .catch(() => listedAnew(email))
  await listed('full@example.com')
  await expect(rowOf('full@example.com')).toContainText('Mailbox full')
  await expect(rowOf('late@example.com')).toHaveCount(0)
  await expectAccessible(page, MAIN)
  // What waits is what an admin can do something about.
  await openMessages(page)
  await expect(page).toHaveURL(/state=DEFERRED$/)
  await expect(page.getByLabel('State')).toHaveValue('DEFERRED')
  await page.getByLabel('Reason').selectOption({ label: 'Mailbox full' })
  const act = async (email: string, name: string) => {
    await listedAnew(email)
    await rowOf(email)
      .getByRole('button', { name: `Actions for ${email}` })
      .click()
    await page.getByRole('menuitem', { name }).click()
  }
  await act('full@example.com', 'Do not send')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('full@example.com')
  await expectAccessible(page, DIALOG)
  await dialog.getByRole('button', { name: 'Do not send' }).click()
  await expect(page.getByText('It is not sent')).toBeVisible()

  await page.getByLabel('Reason').selectOption({ label: 'Any' })
  await act('late@example.com', 'Try now')
  await expect(page.getByText('It is tried now')).toBeVisible()
  await listedAnew('late@example.com')
  await expect(rowOf('late@example.com')).toContainText('Asked to try later')
  await expect(rowOf('late@example.com')).toContainText(new URL(await system.reach(smtp.url)).host)
  await expect(rowOf('late@example.com')).toContainText('Demo')

  isOpen = true
  await page.getByRole('button', { name: 'Try all now' }).click()
  const mailed = () => smtp.mails.map(({ to }) => to[0]).toSorted()
  await expect.poll(mailed, { timeout: 60_000 }).toEqual(['late@example.com', 'later@example.com'])
  await page.getByLabel('State').selectOption({ label: 'Dropped' })
  await listed('full@example.com')
  await expect(rowOf('full@example.com')).toContainText('Dropped')
  await page.getByLabel('State').selectOption({ label: 'Sent' })
  await listed('later@example.com')
  await expect(rowOf('later@example.com')).toContainText('250 ')
  await openMessages(page)
  await expect(page).toHaveURL(/state=SENT$/)
  await expect(rowOf('later@example.com')).toContainText('250 ')
  // Who chooses by keyboard goes on from there.
  await page.getByLabel('State').focus()
  await page.keyboard.press('ArrowDown')
  await expect(page).toHaveURL(/state=QUEUED$/)
  await expect(page.getByText('No message is in this state')).toBeVisible()
  await expect(page.getByLabel('State')).toBeFocused()
})

test('on a phone a mail shows its tenant and its time too', async ({ page }) => {
  smtp.script.rcptTo = () => undefined
  await register(system, 'phone@example.com')
  await openDashboard(page, system, '/messages?state=SENT')
  await setSize(page, { width: 390, height: 844 })
  const row = page.getByRole('row').filter({ hasText: 'phone@example.com' })
  await expect(row.getByText('Demo').filter({ visible: true })).toHaveCount(1)
  await expect(row.locator('time').filter({ visible: true })).toHaveCount(1)
})

test('on a narrow phone the time of a mail that waits is whole in Spanish too', async ({ page }) => {
  smtp.script.rcptTo = () => ({ code: 450, text: '4.2.1 try again later' })
  await register(system, 'narrow@example.com')
  const row = page.getByRole('row').filter({ hasText: 'narrow@example.com' })
  await expect(async () => {
    await openDashboard(page, system, '/messages?state=DEFERRED')
    await expect(row).toBeVisible({ timeout: 5000 })
  }).toPass({ timeout: 90_000 })
  await page.getByLabel('Language').selectOption({ label: 'Español' })
  await setSize(page, { width: 360, height: 740 })
  const time = row.locator('time').filter({ visible: true }).last()
  await expect(time).toHaveText(/:/)
  const room = () =>
    time.evaluate((element) => {
      const line = element.parentElement?.parentElement?.getBoundingClientRect()
      const { right, bottom } = element.getBoundingClientRect()
      return line !== undefined && right <= line.right && bottom <= line.bottom + 1
    })
  await expect.poll(room).toBe(true)
})
