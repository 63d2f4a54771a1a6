import { expect, register, test } from '../system/system.ts'

test('GraphiQL at /graphql runs an operation with a key, follows events, and asks nobody else', async ({
  system,
  page,
}) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== system.url) complaints.push(`foreign: ${request.url()}`)
  })
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${system.url}/graphql`)
  await expect(page.getByText('WhoAmI').first()).toBeVisible()

  await replaceText('.graphiql-editor-tool', JSON.stringify({ Authorization: `Bearer ${system.apiKey}` }))
  await page.getByRole('button', { name: /execute query/i }).click()
  const answer = page.locator('.result-window')
  await expect(answer).toContainText('TENANT')
  await expect(answer).toContainText('demo')

  // The schema came along, so that the editor completes and explains.
  await page.getByRole('button', { name: /show documentation explorer/i }).click()
  await expect(page.getByRole('link', { name: 'IdentityConnection', exact: true })).toBeVisible()

  await replaceText('.graphiql-query-editor', 'subscription { events(after: "0") { type } }')
  await page.getByRole('button', { name: /execute query/i }).click()
  await register(system, 'graphiql@example.com')
  await expect(answer).toContainText(/KEY_CREATED|REGISTERED|SENT/)
  expect(complaints).toEqual([])

  async function replaceText(editor: string, text: string): Promise<void> {
    await page.locator(`${editor} .monaco-editor:visible`).first().click()
    await page.keyboard.press('ControlOrMeta+A')
    // Pasted, because the editor closes the brackets and quotes of what is typed.
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
    await page.keyboard.press('ControlOrMeta+V')
  }
})
