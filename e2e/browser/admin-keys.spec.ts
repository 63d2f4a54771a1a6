import { createClient } from '@emailauth/client'
import { adminOf, expect } from '../system/system.ts'
import { DIALOG, expectAccessible, goTo } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

test('a rotated admin key works for a day more; a stolen one is revoked with the keys made with it', async ({
  system,
  dashboard: page,
}) => {
  const { key } = await adminOf(system).createApiKey({ scope: 'ADMIN', name: 'stolen' })
  const thief = createClient({ url: system.url, apiKey: key })
  await thief.createApiKey({ scope: 'ADMIN', name: 'of the thief' })
  await adminOf(system).createApiKey({ scope: 'ADMIN', name: 'kept' })
  await goTo(page, '/sessions')
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await page.getByRole('button', { name: 'Actions for stolen' }).click()
  await page.getByRole('menuitem', { name: 'Revoke' }).click()
  const dialog = page.getByRole('dialog')
  await expectAccessible(page, DIALOG)
  await dialog.getByLabel('It was stolen: also revoke all keys that were made with it').check()
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await expect(row('stolen')).toContainText('Revoked')
  await expect(row('of the thief')).toContainText('Revoked')

  const rotation = page.waitForRequest((request) => request.postData()?.includes('overlapSeconds') ?? false)
  await page.getByRole('button', { name: 'Actions for kept' }).click()
  await page.getByRole('menuitem', { name: 'Replace, both work for a day' }).click()
  expect((await rotation).postDataJSON().variables.overlapSeconds).toBe(86_400)
})
