import { startReceiver } from '@emailauth/testing/webhook-receiver'
import { expectAccessible, openDashboard } from './dashboard-page.ts'
import { expect, type System, test } from './system.ts'

async function register(system: System, email: string) {
  expect((await system.cli(['register', '--email', email, '--token', 't'])).code).toBe(0)
}

test('an endpoint that fails is shown so, also by a link of its own, and what it refused is sent again', async ({
  system,
  page,
}) => {
  const receiver = await startReceiver()
  try {
    receiver.answer = () => 500
    const made = await system.cli(['webhooks', 'create', receiver.url, '--tenant', 'demo', '--json'])
    const { endpoint } = JSON.parse(made.stdout)
    await register(system, 'refused@example.com')
    await openDashboard(page, system, `/webhooks?tenant=demo&open=${endpoint.id}`)
    const panel = page.getByRole('complementary', { name: 'Endpoint' })
    await expect(panel.getByRole('listitem').first()).toContainText('HTTP 500')
    await expect(panel.getByText('Failing', { exact: true })).toBeVisible()
    await expect(panel.getByText('Failing since')).toBeVisible()
    await expect(page.getByRole('table')).toContainText('Failing')
    await panel.getByRole('button', { name: 'Send test event' }).click()
    await expect(panel.getByText('The endpoint did not take the test event')).toBeVisible()

    // A disabled endpoint has given up what waited for it.
    await system.cli(['webhooks', 'update', endpoint.id, '--disable'])
    await page.reload()
    await panel.getByRole('button', { name: 'Send failed events again' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Given up within').selectOption('')
    await expect(dialog.getByRole('button', { name: 'Send again' })).toBeDisabled()
    await expectAccessible(page)
    await dialog.getByLabel('Given up within').selectOption('hour')
    receiver.answer = () => 204
    await system.cli(['webhooks', 'update', endpoint.id, '--enable'])
    await dialog.getByRole('button', { name: 'Send again' }).click()
    await expect(page.getByText(/events? (is|are) sent again/)).toBeVisible()
    await expect
      .poll(() => receiver.received.filter(({ body }) => body.type === 'REGISTERED').length)
      .toBeGreaterThan(1)
    await page.goto(`${system.url}/admin/webhooks?open=demo.wh_0000000000000000`)
    await expect(page.getByText('There is no such endpoint')).toBeVisible()
  } finally {
    await receiver.stop()
  }
})

test.beforeEach(() => test.setTimeout(240_000))

test('g and w, and the command palette, lead to the page', async ({ system, page }) => {
  await openDashboard(page, system, '/overview?tenant=demo')
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await expect(page).toHaveURL(/webhooks\?tenant=demo/)
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Page, tenant, address or id').fill('webhook endpoint')
  await page.getByRole('button', { name: 'Create a webhook endpoint' }).click()
  await expect(page).toHaveURL(/webhooks\?tenant=demo&new=1/)
  await expect(page.getByRole('dialog').getByLabel('URL')).toBeFocused()
})
