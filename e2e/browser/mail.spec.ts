import { readFile } from 'node:fs/promises'
import { bounce } from '../system/bounce.ts'
import { mailTo } from '../system/mails.ts'
import { adminOf, expect, register } from '../system/system.ts'
import { comeBack, DIALOG, expectAccessible, goTo, MAIN } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

test('messages stand under their state, over all tenants', async ({ system, dashboard: page }) => {
  await register(system, 'listed@example.com')
  await goTo(page, '/messages?state=SENT')
  const row = page.getByRole('row').filter({ hasText: 'listed@example.com' })
  await expect(row).toContainText('250 ')
  await expectAccessible(page, MAIN)
  await page.getByLabel('State').selectOption({ label: 'Refused' })
  await expect(page).toHaveURL(/state=REJECTED/)
  await expect(page.getByText('No message is in this state')).toBeVisible()
})

test('what came back is listed; its address is cleared', async ({ system, dashboard: page }) => {
  const email = 'gone@example.com'
  await register(system, email)
  const { MessageID } = await mailTo(system, email)
  await bounce(system, { messageId: `<${MessageID}>`, email, reason: '550 5.1.1 no such user' })
  // The overview counts it by its reason, and leads to its message.
  await goTo(page, '/overview')
  const problem = page.getByRole('link', { name: /^No such mailbox Mails returned\s*1$/ })
  await expect(problem).toBeVisible({ timeout: 60_000 })
  await expectAccessible(page, MAIN)
  await problem.click()
  await expect(page).toHaveURL(/messages\?state=BOUNCED&reason=RECIPIENT/)
  const row = page.getByRole('row').filter({ hasText: email })
  await expect(row).toContainText('No such mailbox')
  await expect(row).toContainText('550 5.1.1 no such user')
  await expectAccessible(page, MAIN)
  await page.getByLabel('Reason').selectOption({ label: 'On a blocklist' })
  await expect(page.getByText('No message of this state is kept for this reason')).toBeVisible()
  await page.getByRole('combobox', { name: /^List/ }).selectOption('suppressed')
  await expect(page.getByText('Choose a tenant')).toBeVisible()
  await goTo(page, '/messages?tenant=demo&list=suppressed')
  await expect(page.getByText(email)).toBeVisible()
  await expectAccessible(page, MAIN)
  await page.getByLabel('Add addresses, one in a line').fill('one@example.com\nTwo <two@example.com>')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText('2 new, 0 were there, 0 refused.')).toBeVisible()
  await expect(page.getByText('two@example.com', { exact: true })).toBeVisible()
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export all' }).click()
  const lines = (await readFile(await (await file).path(), 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(4)
  // The first call ends last. What is said stays that of the address that was pressed last.
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('"one@example.com"')) await released
    await route.continue()
  })
  for (const whom of ['one@example.com', 'two@example.com', email])
    await page.getByRole('button', { name: `Clear ${whom}` }).click()
  const said = page.getByText(`${email} is written to again.`)
  await expect(said).toBeVisible()
  await expect(page.getByText('two@example.com', { exact: true })).toHaveCount(0)
  release()
  await expect(page.getByText('one@example.com', { exact: true })).toHaveCount(0)
  await expect(said).toBeVisible()
  const left = await adminOf(system).suppressions({ tenantId: 'demo' })
  expect(left.nodes).toEqual([])
})

test('a tenant from the wizard to its end', async ({ system, dashboard: page }) => {
  await goTo(page, '/tenants')
  await expect(page.getByRole('link', { name: 'Demo' })).toBeVisible()
  await expectAccessible(page, MAIN)
  await page.getByRole('button', { name: 'New tenant' }).click()
  const dialog = page.getByRole('dialog')
  await expectAccessible(page, DIALOG)
  await dialog.getByLabel('Name').fill('Kiosk Öl')
  await expect(dialog.getByLabel('ID')).toHaveValue('kiosk-ol')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await dialog.getByRole('button', { name: 'CLI' }).click()
  await expectAccessible(page, DIALOG)
  const key = /EMAILAUTH_API_KEY=(\S+)/.exec((await dialog.locator('pre').textContent()) ?? '')?.[1] ?? ''
  const query = 'mutation { register(input: { email: "first@example.com", token: "t" }) { __typename } }'
  const reply = await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  expect((await reply.json()).data.register).toEqual({ __typename: 'Registered' })
  await dialog.getByRole('button', { name: 'Go to the tenant' }).click()

  const life = page.getByLabel('Lifetime of a number')
  await life.fill('ten')
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
  await life.fill('900')
  await expect(page.getByText('12 digits')).toBeVisible()
  await page.getByLabel('Wrong numbers an hour').fill('100000')
  await expect(page.getByText('14 digits')).toBeVisible()
  await page.getByLabel('Wrong numbers an hour').fill('1000')
  await page.getByLabel('Return URLs').fill('https://shop.example.com/done\nhttp://localhost:3000/')
  await page.getByLabel('Headers for the provider').fill('no colon')
  await expect(page.getByText('A name, a colon and a value in each line.')).toBeVisible()
  await page.getByLabel('Headers for the provider').fill('X-Stream: codes')
  await page.getByRole('button', { name: 'Test the connection' }).click()
  await expect(page.getByText(/greets with/)).toBeVisible()
  await page.getByLabel('Relay (SMTP URL)', { exact: true }).fill('smtp://127.0.0.1:1?starttls=none')
  await page.getByRole('button', { name: 'Test the typed relay' }).click()
  await expect(page.getByText('127.0.0.1:1 is not at a public address')).toBeVisible()
  await page.getByLabel('Relay (SMTP URL)', { exact: true }).fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await page.reload()
  await expect(life).toHaveValue('900')
  await expect(page.getByLabel('Return URLs')).toHaveValue(
    'https://shop.example.com/done\nhttp://localhost:3000/',
  )
  await expect(page.getByLabel('Headers for the provider')).toHaveValue('X-Stream: codes')
  await expectAccessible(page, MAIN)
  // A field that is emptied gets its default again.
  await life.fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(life).toHaveValue('600')

  await page.getByRole('link', { name: 'Template' }).click()
  await expect(page.frameLocator('iframe').getByText('1234 5678 9012', { exact: true })).toBeVisible()
  await page.getByLabel('Heading').fill('Welcome to {tenant}')
  // The heading is shown before it is saved, and stays while another language is looked at.
  await expect(page.frameLocator('iframe').getByText('Welcome to Kiosk Öl', { exact: true })).toBeVisible()
  await page.getByLabel('Colour', { exact: true }).fill('red')
  await expect(page.getByText('The change cannot be shown')).toBeVisible()
  await page.getByLabel('Colour', { exact: true }).fill('#8a2be2')
  await expect(page.getByText('Not saved yet')).toBeVisible()
  await page
    .getByRole('combobox', { name: /^Language/ })
    .last()
    .selectOption('es')
  await expect(page.getByLabel('Heading')).toHaveValue('')
  await page
    .getByRole('combobox', { name: /^Language/ })
    .last()
    .selectOption('en')
  await expect(page.getByLabel('Heading')).toHaveValue('Welcome to {tenant}')
  await page.getByRole('button', { name: 'Save the look' }).click()
  await expect(page.getByText('Look saved')).toBeVisible()
  await page.getByRole('button', { name: 'Save the texts' }).click()
  await expect(page.frameLocator('iframe').getByText('Welcome to Kiosk Öl', { exact: true })).toBeVisible({
    timeout: 20_000,
  })
  await expectAccessible(page, MAIN)
  await page.getByLabel('Send it to').fill('me@example.com')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Accepted' })).toBeVisible()

  await page.getByRole('link', { name: 'API keys' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'First key' })).toContainText('Active')
  await expectAccessible(page, MAIN)
  await page.getByRole('button', { name: 'Actions for First key' }).click()
  await page.getByRole('menuitem', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'First key' })).toContainText('Revoked')
  // No key is shown again, so a second one leaves the first where it is.
  for (const name of ['Till', 'Stock']) {
    await page.getByLabel('Name of the key').fill(name)
    await page.getByRole('button', { name: 'Create key' }).click()
    await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Active')
  }
  await expect(page.getByText('The key is shown this once')).toHaveCount(2)

  await page.getByRole('link', { name: 'Disable or delete' }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByLabel('Type kiosk-ol to go on').fill('kiosk-ol')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Tenants' })).toBeVisible()
  // The tenant is listed as being deleted until all of it has gone.
  await expect(async () => {
    await comeBack(page)
    await expect(page.getByRole('link', { name: 'Demo' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Kiosk Öl' })).toHaveCount(0, { timeout: 100 })
  }).toPass()
})

test('the services and what should be changed', async ({ dashboard: page }) => {
  await goTo(page, '/system')
  for (const name of ['gateway', 'persistence', 'mailer'])
    await expect(page.getByRole('listitem').filter({ hasText: name }).first()).toContainText('Ready')
  await expect(page.getByText(/^(Redis|Valkey) \d/)).toBeVisible()
  await expect(page.getByText('Append-only file')).toBeVisible()
  await expect(page.getByText(/^Version \d/)).toHaveCount(3)
  await expect(page.getByText('In use')).toBeVisible()
  await expect(page.getByText('Mails that wait')).toBeVisible()
  await expect(page.getByText('Writes')).toBeVisible()
  await expectAccessible(page, MAIN)
})
