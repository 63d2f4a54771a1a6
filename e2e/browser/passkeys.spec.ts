import type { CDPSession, Page } from '@playwright/test'
import { numberFor } from '../system/mails.ts'
import { expect, newAdmin, test } from '../system/system.ts'
import { faultsOn } from './axe.ts'

/** An authenticator in the browser that says yes to everything. */
async function addAuthenticator(page: Page): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return cdp
}

test('an admin adds a passkey, signs in with it, and mail opens nothing from then on', async ({
  system,
  page,
}) => {
  const admin = newAdmin()
  // Browsers give no passkeys to pages at IP addresses.
  const url = `http://localhost:${new URL(system.url).port}/admin/`
  await addAuthenticator(page)
  await page.goto(url)
  await page.getByLabel('Your email address').fill(admin)
  await page.getByRole('button', { name: 'Mail me a number' }).click()
  await page.getByLabel('Number from the mail').fill(await numberFor(system, admin))
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()

  await page.getByRole('link', { name: 'Sign-ins' }).click()
  await page.getByLabel('Name of the new passkey').fill('Laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const listed = page.getByRole('listitem').filter({ hasText: 'Laptop' })
  await expect(listed).toContainText('never used')
  expect(await faultsOn(page)).toEqual([])

  await page.getByRole('button', { name: `End the session of ${admin}` }).click()
  const withPasskey = page.getByRole('button', { name: 'Sign in with a passkey' })
  await expect(withPasskey).toBeVisible()
  // This browser has a passkey, so that button comes before the mail.
  const order = await page.getByRole('button').allTextContents()
  expect(order.indexOf('Sign in with a passkey')).toBeLessThan(order.indexOf('Mail me a number'))
  await withPasskey.click()
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Sign in')
  await page.getByRole('link', { name: 'Sign-ins' }).click()
  await expect(listed).toContainText('last used')

  // Neither a mail nor a passkey of before opens anything once it is removed, but mail does again.
  await page.getByRole('button', { name: `End the session of ${admin}` }).click()
  await page.getByLabel('Your email address').fill(admin)
  await page.getByRole('button', { name: 'Mail me a number' }).click()
  await expect(page.getByRole('status')).toContainText(admin)
  await expect.poll(() => system.output()).toMatch(/reason(=|":")passkey/)
  await page.getByRole('button', { name: 'Use another address' }).click()
  await withPasskey.click()
  await page.getByRole('link', { name: 'Sign-ins' }).click()
  await page.getByRole('button', { name: `Remove the passkey Laptop of ${admin}` }).click()
  // The session that it had begun ends with it.
  const said = page.getByText('Your session is over').filter({ visible: true })
  await expect(said).toHaveCount(1)
  await withPasskey.click()
  await expect(page.getByText('This passkey was not taken')).toBeVisible()
})
