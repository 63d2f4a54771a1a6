import { expect } from '../system/system.ts'
import { goTo } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

// The page is older than the gateway for as long as a tab stays open over an upgrade.
test('a finding of a kind and a level that the page does not know is shown in its own words', async ({
  dashboard: page,
}) => {
  const finding = {
    __typename: 'SystemFinding',
    code: 'of-tomorrow',
    level: 'GRAVE',
    detail: 'Something new is wrong.',
    fix: 'Do something new.',
  }
  const known = { ...finding, code: 'redis-version', level: 'WARN', detail: 'It is 7.0.', fix: 'Take 7.2.' }
  await page.route('**/graphql*', async (route) => {
    const response = await route.fetch()
    const text = await response.text()
    const answer = text.includes('"findings":') ? JSON.parse(text) : undefined
    if (answer?.data?.system) answer.data.system.findings = [finding, known]
    await route.fulfill({ response, body: answer === undefined ? text : JSON.stringify(answer) })
  })
  await goTo(page, '/system')
  const item = page.getByRole('listitem').filter({ hasText: 'Something new is wrong.' })
  await expect(item).toContainText('GRAVE')
  await expect(item).toContainText('Do something new.')
  const old = page.getByRole('listitem').filter({ hasText: 'Redis is old' })
  await expect(old.locator('[lang=en]')).toHaveText(['It is 7.0.', 'Take 7.2.'])
  // What is to be done about a known one is translated; a new one has no other words.
  await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Español' })
  const translated = page.getByRole('listitem').filter({ hasText: 'Redis es antiguo' })
  await expect(translated.locator('[lang=en]')).toHaveText(['It is 7.0.'])
  await expect(translated).toContainText('Actualiza a Redis 7')
  await expect(item).toContainText('Do something new.')
})
