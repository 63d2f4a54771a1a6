import { expectAccessible } from './dashboard-page.ts'
import { mailsTo, numberFor } from './mails.ts'
import { expect, startSystem, test } from './system.ts'

const ADA = 'ada@example.com'

let system: Awaited<ReturnType<typeof startSystem>>

// A system with an admin who signs in by mail.
test.beforeAll(async () => {
  system = await startSystem({ EMAILAUTH_ADMIN_EMAILS: ADA })
})

test.afterAll(() => system.remove())

test('an admin signs in with a number by mail, stays signed in, and signs out', async ({ page, context }) => {
  await page.goto(`${system.url}/admin/`)
  await expectAccessible(page)
  await page.getByLabel('Your email address').fill(ADA)
  await page.getByRole('button', { name: 'Mail me a number' }).click()
  await expect(page.getByRole('status')).toContainText(ADA)
  await expectAccessible(page)

  const number = await numberFor(system, ADA)
  // What is pasted or filled in whole needs no click.
  await page.getByLabel('Number from the mail').fill('12345678')
  await expect(page.getByText('This number is not valid')).toBeVisible()
  await page.getByLabel('Number from the mail').fill(number)
  const heading = page.getByRole('heading', { level: 1, name: 'Overview' })
  await expect(heading).toBeVisible()

  const [cookie] = (await context.cookies()).filter(({ name }) => name === 'emailauth-session')
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
  expect(await page.evaluate(() => document.cookie)).toBe('')
  await page.reload()
  await expect(heading).toBeVisible()
  const tab = await context.newPage()
  await tab.goto(`${system.url}/admin/`)
  await expect(tab.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()

  // The cookie opens the live events too.
  await page.getByRole('link', { name: 'Events' }).click()
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'Signed in' })).toContainText(ADA)
  await page.getByRole('link', { name: 'Sign-ins' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: ADA })).toContainText('This browser')

  // To end one's own session is to sign out.
  await page.getByRole('button', { name: `End the session of ${ADA}` }).click()
  await expect(page.getByLabel('Your email address')).toBeVisible()
  // Other tabs follow by themselves.
  await expect(tab.getByLabel('Your email address')).toBeVisible()
  await tab.close()
  // The session itself is over, not only the note of it.
  await expect
    .poll(async () => {
      const headers = { cookie: `${cookie?.name}=${cookie?.value}`, 'content-type': 'application/json' }
      const body = JSON.stringify({ query: '{ viewer { scope } }' })
      return (await fetch(`${system.url}/graphql`, { method: 'POST', headers, body })).status
    })
    .toBe(401)
})

test('a stranger gets the same answer, and no mail', async ({ page }) => {
  await page.goto(`${system.url}/admin/`)
  await page.getByLabel('Your email address').fill('eve@example.com')
  await page.getByRole('button', { name: 'Mail me a number' }).click()
  await expect(page.getByRole('status')).toContainText('eve@example.com')
  expect(await mailsTo(system, 'eve@example.com')).toEqual([])
})
