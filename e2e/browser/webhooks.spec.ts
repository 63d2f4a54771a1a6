import { startReceiver } from '@emailauth/testing/webhook-receiver'
import type { Page } from '@playwright/test'
import type { System } from '../system/running-system.ts'
import { adminOf, expect, register } from '../system/system.ts'
import { comeBack, DIALOG, expectAccessible, goTo, MAIN } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

/**
 * Presses Create until the secret is shown. A call may fail where Redis does not get the processor in time,
 * and may have taken effect all the same.
 */
async function create(page: Page, system: System): Promise<void> {
  const { webhooks } = adminOf(system)
  const shown = page.getByRole('dialog').getByText('The secret is shown this once')
  const failed = page.getByRole('alert').filter({ hasText: 'The endpoint was not created' })
  while (!(await shown.isVisible())) {
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
    await expect(shown.or(failed)).toBeVisible()
    if (!(await failed.isVisible())) continue
    for (const { id } of await webhooks.list('demo')) await webhooks.delete(id)
    await failed.getByRole('button').click()
    await expect(failed).toHaveCount(0)
  }
}

test('an endpoint is made, tried, changed, given a new secret, disabled and deleted', async ({
  system,
  dashboard: page,
}) => {
  const receiver = await startReceiver()
  try {
    await goTo(page, '/webhooks?tenant=demo')
    await expect(page.getByRole('heading', { name: 'No endpoints yet' })).toBeVisible()
    await expectAccessible(page, MAIN)
    await goTo(page, '/webhooks')
    await expect(page.getByRole('button', { name: /All tenants/ })).toBeVisible()
    await page.getByRole('main').getByRole('button', { name: 'New endpoint' }).click()
    await expect(page).toHaveURL(/webhooks\?new=1/)
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await expect(dialog.getByText('A whole URL, such as')).toBeVisible()
    await dialog.getByLabel('Tenant').selectOption('demo')
    const url = await system.reach(receiver.url)
    await dialog.getByLabel('URL').fill(url)
    await dialog.getByLabel('Description').fill('Shop')
    await dialog.getByLabel('Only these').check()
    await expectAccessible(page, DIALOG)
    await dialog.getByRole('checkbox', { name: 'Registered', exact: true }).check()
    await dialog.getByRole('checkbox', { name: 'Mail accepted' }).check()
    await create(page, system)
    const secret = (await dialog.locator('code').first().textContent()) ?? ''
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    receiver.secrets.push(secret)
    await expectAccessible(page, DIALOG)
    await dialog.getByRole('button', { name: 'Done' }).click()

    await page.getByRole('table', { name: 'Webhooks' }).getByRole('link', { name: 'Shop' }).click()
    await expect(page).toHaveURL(/webhooks\?open=demo\.wh_/)
    const panel = page.getByRole('complementary', { name: 'Endpoint' })
    await panel.getByRole('button', { name: 'Send test event' }).click()
    await expect(panel.getByText('The endpoint took the test event')).toBeVisible()
    await register(system, 'hooked@example.com')
    const attempts = panel.getByRole('listitem')
    await expect(attempts.filter({ hasText: 'Registered' })).toContainText('Delivered')
    await expect(panel.getByText('Works')).toBeVisible()
    await expectAccessible(page, MAIN)
    expect(receiver.received.every(({ verified }) => verified[0] === true)).toBe(true)

    // The same event comes again, with the same id.
    const before = receiver.received.filter(({ body }) => body.type === 'REGISTERED')
    await panel.getByRole('button', { name: /^Send Registered of .* again$/ }).click()
    await expect
      .poll(() => receiver.received.filter(({ body }) => body.type === 'REGISTERED').map(({ id }) => id))
      .toEqual([before[0]?.id, before[0]?.id])

    const menu = panel.getByRole('button', { name: 'Actions for Shop' })
    await menu.click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await expect(dialog.getByLabel('URL')).toHaveValue(url)
    await dialog.getByLabel('All events').check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(panel.getByText('All events')).toBeVisible()

    await menu.click()
    await page.getByRole('menuitem', { name: 'New secret' }).click()
    await dialog.getByLabel('Both sign for').selectOption('hour')
    await expectAccessible(page, DIALOG)
    await dialog.getByRole('button', { name: 'New secret' }).click()
    await expect(dialog.locator('code').first()).toHaveText(/^whsec_/)
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect(panel.getByText(/^Two secrets sign until/)).toBeVisible()

    await menu.click()
    await page.getByRole('menuitem', { name: 'Disable' }).click()
    await dialog.getByRole('button', { name: 'Disable' }).click()
    await expect(panel.getByText('Somebody disabled it.')).toBeVisible()
    await panel.getByRole('button', { name: 'Enable' }).click()
    await expect(panel.getByText('Somebody disabled it.')).toHaveCount(0)

    await menu.click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await expect(panel).toHaveCount(0)
    await expect(page.getByRole('link', { name: 'Shop' })).toHaveCount(0)
  } finally {
    await receiver.stop()
  }
})

test('an endpoint that fails is shown so, also by a link of its own, and what it refused is sent again', async ({
  system,
  dashboard: page,
}) => {
  const receiver = await startReceiver()
  try {
    receiver.answer = () => 500
    const { webhooks } = adminOf(system)
    // Not what other tests' identities of this tenant end with: they would fill the list of attempts.
    const { endpoint } = await webhooks.create({
      ...{ tenantId: 'demo', url: await system.reach(receiver.url) },
      eventTypes: ['REGISTERED'],
    })
    await register(system, 'refused@example.com')
    await goTo(page, `/webhooks?tenant=demo&open=${endpoint.id}`)
    const panel = page.getByRole('complementary', { name: 'Endpoint' })
    await expect(panel.getByRole('listitem').first()).toContainText('HTTP 500')
    await expect(panel.getByText('Failing', { exact: true })).toBeVisible()
    await expect(panel.getByText('Failing since')).toBeVisible()
    await expect(page.getByRole('table')).toContainText('Failing')
    await panel.getByRole('button', { name: 'Send test event' }).click()
    await expect(panel.getByText('The endpoint did not take the test event')).toBeVisible()

    // While one event is being sent again, those of another identity can be.
    await register(system, 'refused-too@example.com')
    const registered = () => receiver.received.filter(({ body }) => body.type === 'REGISTERED')
    // Other tests may register identities of this tenant meanwhile.
    await expect.poll(() => new Set(registered().map(({ body }) => body.data?.identityId)).size).toBe(2)
    const posted = registered().length
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('"eventIds"')) await released
      await route.continue()
    })
    const again = (disabled: boolean) =>
      panel.getByRole('button', { name: /^Send Registered of .* again$/, disabled })
    // An attempt is in the log soon after it was made.
    await expect(async () => {
      await comeBack(page)
      await expect(again(false).first()).toBeVisible()
      expect(await again(false).count()).toBeGreaterThanOrEqual(posted)
    }).toPass({ timeout: 60_000 })
    await again(false).first().click()
    await expect(again(true).first()).toBeVisible()
    await again(false).first().click()
    await expect(again(false)).toHaveCount(0)
    release()
    await expect(again(true)).toHaveCount(0)
    await page.unroute('**/graphql')

    // A disabled endpoint has given up what waited for it.
    await webhooks.update({ id: endpoint.id, enabled: false })
    await page.reload()
    await panel.getByRole('button', { name: 'Send failed events again' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Given up within').selectOption('')
    await expect(dialog.getByRole('button', { name: 'Send again' })).toBeDisabled()
    await expectAccessible(page, DIALOG)
    await dialog.getByLabel('Given up within').selectOption('hour')
    receiver.answer = () => 204
    await webhooks.update({ id: endpoint.id, enabled: true })
    await dialog.getByRole('button', { name: 'Send again' }).click()
    await expect(page.getByText(/events? (is|are) sent again/)).toBeVisible()
    await expect
      .poll(() => receiver.received.filter(({ body }) => body.type === 'REGISTERED').length)
      .toBeGreaterThan(1)
    await goTo(page, '/webhooks?open=demo.wh_0000000000000000')
    await expect(page.getByText('There is no such endpoint')).toBeVisible()
  } finally {
    await receiver.stop()
  }
})

test('g and w, and the command palette, lead to the page', async ({ dashboard: page }) => {
  await goTo(page, '/overview?tenant=demo')
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await expect(async () => {
    // The second key counts within 1.5 s, which may pass between them on a busy machine.
    await page.keyboard.press('g')
    await page.keyboard.press('w')
    await expect(page).toHaveURL(/webhooks\?tenant=demo/)
  }).toPass()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Page, tenant, address or id').fill('webhook endpoint')
  await page.getByRole('button', { name: 'Create a webhook endpoint' }).click()
  await expect(page).toHaveURL(/webhooks\?tenant=demo&new=1/)
  await expect(page.getByRole('dialog').getByLabel('URL')).toBeFocused()
})
