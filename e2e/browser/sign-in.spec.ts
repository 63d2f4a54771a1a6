import { mailsTo, numberFor } from '../system/mails.ts'
import { expect, newAdmin, test } from '../system/system.ts'
import { expectAccessible, MAIN } from './dashboard-page.ts'

test('an admin signs in with a number by mail, stays signed in, and signs out', async ({
  system,
  page,
  context,
}) => {
  const admin = newAdmin()
  await page.goto(`${system.url}/admin/`)
  await expectAccessible(page)
  await page.getByLabel('Your email address').fill(admin)
  await page.getByRole('button', { name: 'Mail me a number' }).click()
  await expect(page.getByRole('status')).toContainText(admin)
  await expectAccessible(page, MAIN)

  const number = await numberFor(system, admin)
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
  // Other admins of this system sign in too.
  await expect(page.getByRole('row').filter({ hasText: 'Signed in' }).filter({ hasText: admin })).toHaveCount(
    1,
  )
  await page.getByRole('link', { name: 'Sign-ins' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: admin })).toContainText('This browser')

  // To end one's own session is to sign out.
  await page.getByRole('button', { name: `End the session of ${admin}` }).click()
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

test('a stranger gets the same answer, and no mail', async ({ system, page }) => {
  await page.goto(`${system.url}/admin/`)
  await page.getByLabel('Your email address').fill('stranger@example.com')
  await page.getByRole('button', { name: 'Mail me a number' }).click()
  await expect(page.getByRole('status')).toContainText('stranger@example.com')
  expect(await mailsTo(system, 'stranger@example.com')).toEqual([])
})
