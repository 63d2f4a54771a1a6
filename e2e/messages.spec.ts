import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { expectAccessible, openDashboard } from './dashboard-page.ts'
import { expect, type System, startSystem, test as withSystem } from './system.ts'

interface Relay {
  readonly system: System
  readonly smtp: TestSmtp
}

/** A system whose relay is a server of the test. */
const test = withSystem.extend<object, { relay: Relay }>({
  relay: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs off this pattern
    async ({}, use) => {
      const smtp = await startSmtp()
      const system = await startSystem({ EMAILAUTH_SMTP_URL: smtp.url })
      await use({ system, smtp })
      await system.remove()
      await smtp.stop()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

test('mails that wait, by reason: one is given up, one is tried now, and then all', async ({
  relay: { system, smtp },
  page,
}) => {
  test.setTimeout(240_000)
  let isOpen = false
  smtp.script.rcptTo = (address) => {
    if (isOpen) return undefined
    return address.startsWith('full')
      ? { code: 552, text: '5.2.2 Mailbox full' }
      : { code: 451, text: '4.7.1 Greylisted, try again later' }
  }
  for (const email of ['full@example.com', 'late@example.com', 'later@example.com']) {
    expect((await system.cli(['register', '--email', email, '--token', 't'])).code).toBe(0)
  }
  await openDashboard(page, system, '/overview')
  const problem = page.getByRole('link', { name: /^Mailbox full Mails delayed\s*1$/ })
  await expect(problem).toBeVisible({ timeout: 60_000 })
  await problem.click()
  const table = page.getByRole('table', { name: 'Messages' })
  const rowOf = (email: string) => table.getByRole('row').filter({ hasText: email })
  await expect(rowOf('full@example.com')).toContainText('Mailbox full')
  await expect(rowOf('late@example.com')).toHaveCount(0)
  await expectAccessible(page)
  await page.getByLabel('Reason').selectOption({ label: 'Any' })
  await expect(rowOf('late@example.com')).toContainText('Asked to try later')
  await expect(rowOf('late@example.com')).toContainText(`127.0.0.1:${smtp.port}`)
  await expect(rowOf('late@example.com')).toContainText('demo')

  await rowOf('full@example.com').getByRole('button', { name: 'Actions for full@example.com' }).click()
  await page.getByRole('menuitem', { name: 'Do not send' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('full@example.com')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Do not send' }).click()
  await expect(rowOf('full@example.com')).toHaveCount(0)

  isOpen = true
  await rowOf('late@example.com').getByRole('button', { name: 'Actions for late@example.com' }).click()
  await page.getByRole('menuitem', { name: 'Try now' }).click()
  await expect
    .poll(() => smtp.mails.map(({ to }) => to[0]), { timeout: 30_000 })
    .toContain('late@example.com')
  await page.getByRole('button', { name: 'Try all now' }).click()
  await expect
    .poll(() => smtp.mails.map(({ to }) => to[0]), { timeout: 30_000 })
    .toContain('later@example.com')
  expect(smtp.mails.map(({ to }) => to[0])).not.toContain('full@example.com')
  await page.getByLabel('State').selectOption({ label: 'Dropped' })
  await expect(rowOf('full@example.com')).toContainText('Dropped')
  await page.getByLabel('State').selectOption({ label: 'Sent' })
  await expect(rowOf('later@example.com')).toContainText('250 ')
})
