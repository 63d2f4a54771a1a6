import { adminOf, expect, test } from '../system/system.ts'
import { expectAccessible, MAIN } from './dashboard-page.ts'

test('a read-only admin sees every page, with acts that are disabled and say why', async ({
  system,
  page,
}) => {
  const admin = adminOf(system)
  const { apiKey, key } = await admin.createApiKey({ scope: 'ADMIN_READ_ONLY', name: 'auditors' })
  expect(apiKey.scope).toBe('ADMIN_READ_ONLY')
  await admin.createTenant({ id: 'looked-at', name: 'Looked at' })
  await admin.webhooks.create({ tenantId: 'looked-at', url: 'http://127.0.0.1:9/hook' })
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) sent.push(request.postData() ?? '')
  })
  await page.goto(`${system.url}/admin/tenants`)
  await page.getByLabel('Admin key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('You may look at everything and change nothing.')).toBeVisible()
  await expect(page.getByRole('main').getByText('Read only')).toBeVisible()
  const why = 'You may look at everything and change nothing.'
  await expect(page.getByRole('button', { name: 'New tenant' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'New tenant' })).toHaveAttribute('title', why)
  await expectAccessible(page, MAIN)

  for (const [link, path, act] of [
    ['Demo', /tenants\/demo/, 'Test the connection'],
    ['API keys', /tab=keys/, 'Create key'],
    ['Disable or delete', /tab=danger/, 'Delete'],
    ['Template', /tab=mail/, 'Send'],
    ['Webhooks', /webhooks/, 'New endpoint'],
    ['Sign-ins', /sessions/, 'Create key'],
  ] as const) {
    await page.getByRole('link', { name: link, exact: true }).click()
    await expect(page).toHaveURL(path)
    await expect(page.getByRole('button', { name: act, exact: true })).toBeDisabled()
    if (link === 'Demo') await expect(page.getByLabel('Lifetime of a number')).toHaveAttribute('readonly')
  }
  for (const name of ['Overview', 'Identities', 'Messages', 'Events', 'Audit', 'System']) {
    const before = sent.length
    await page.getByRole('link', { name, exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    // Each page asks for something.
    await expect.poll(() => sent.length).toBeGreaterThan(before)
  }
  // Documents are named by their digests, which the gateway knows.
  expect(sent.length).toBeGreaterThan(6)
  expect(sent.filter((body) => !body.includes('"documentId"') || body.includes('"query"'))).toEqual([])
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Page, tenant, address or id').fill('create')
  await expect(page.getByText('Nothing has this name')).toBeVisible()

  // The gateway refuses whatever the page shows.
  const refused = await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'mutation { disableTenant(id: "demo") { id } }' }),
  })
  expect((await refused.json()).errors[0].extensions.code).toBe('FORBIDDEN')
})
