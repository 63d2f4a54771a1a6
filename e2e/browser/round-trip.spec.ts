import { mailsTo, numberIn } from '../system/mails.ts'
import { expect } from '../system/system.ts'
import { goTo } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

const verifyDocument = `mutation Verify($input: VerifyInput!) {
  verify(input: $input) {
    __typename
    ... on Verified { email token }
    ... on Problem { code message }
  }
}`

test('register by CLI, read the mail, see the identity, verify by GraphQL, gone, and never again', async ({
  system,
  page,
  dashboard,
  request,
}) => {
  const email = 'hedy@example.com'
  const registered = await system.cli(['register', '--email', email, '--token', 'hello', '--json'])
  expect(registered.code, registered.stderr).toBe(0)
  expect(JSON.parse(registered.stdout)).toMatchObject({ email, delivery: 'SENT', replaced: false })

  // The person reads the mail.
  await page.goto(system.inboxUrl)
  await page
    .getByRole('link', { name: new RegExp(email) })
    .first()
    .click()
  const number = ((await page.locator('output').first().textContent()) ?? '').replace(/\D/g, '')
  expect(number).toMatch(/^\d{12}$/)

  // The admin sees who has not brought the number back yet.
  await goTo(dashboard, '/identities')
  const table = dashboard.getByRole('table', { name: 'Identities' })
  await expect(table.getByText(email)).toBeVisible()

  // The external server trades it for its token.
  const verify = async () => {
    const reply = await request.post(`${system.url}/graphql`, {
      headers: { authorization: `Bearer ${system.apiKey}` },
      data: { query: verifyDocument, variables: { input: { number } } },
    })
    return (await reply.json()).data.verify
  }
  expect(await verify()).toEqual({ __typename: 'Verified', email, token: 'hello' })
  await expect(table.getByRole('row').filter({ hasText: email })).toContainText('Verified')

  expect(await verify()).toMatchObject({ __typename: 'WrongCredentials', code: 'WRONG_CREDENTIALS' })
  const again = await system.cli(['verify', number])
  expect(again.code).toBe(3)
  expect(again.stdout).toBe('')
})

test('the CLI makes the round trip alone, and prints the token and nothing else', async ({ system }) => {
  const email = 'bob@example.com'
  const token = 'from standard input: ünïcode'
  expect((await system.cli(['register', '--email', email, '--token', '-'], token)).code).toBe(0)
  const inbox = await system.cli(['inbox', '--to', email, '--wait', '60', '--json'])
  const [mail] = JSON.parse(inbox.stdout)
  const verified = await system.cli(['verify', mail.number])
  expect(verified).toMatchObject({ code: 0, stdout: `${token}\n` })
  expect((await system.cli(['verify', mail.number])).code).toBe(3)
})

test('registering an address again kills the first number', async ({ system }) => {
  const email = 'eve@example.com'
  const relaxed = {
    id: 'relaxed',
    name: 'Relaxed',
    settings: { mailsPerAddress: [{ max: 100, windowSeconds: 1 }] },
  }
  const graphql = async (key: string, query: string, variables: object) => {
    const reply = await fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = (await reply.json()) as {
      data: Record<string, Record<string, string>>
      errors?: unknown
    }
    expect(errors).toBeUndefined()
    return data
  }
  await graphql(system.adminKey, 'mutation M($i: CreateTenantInput!) { createTenant(input: $i) { id } }', {
    i: relaxed,
  })
  const made = await graphql(
    system.adminKey,
    'mutation M($i: CreateApiKeyInput!) { createApiKey(input: $i) { key } }',
    {
      i: { name: 'test', tenantId: 'relaxed' },
    },
  )
  const key = made.createApiKey?.key ?? ''
  const registerDocument =
    'mutation M($i: RegisterInput!) { register(input: $i) { __typename ... on Registered { replaced } } }'
  const register = () => graphql(key, registerDocument, { i: { email, token: 't' } })
  expect((await register()).register).toEqual({ __typename: 'Registered', replaced: false })
  expect((await register()).register).toEqual({ __typename: 'Registered', replaced: true })
  await expect.poll(async () => (await mailsTo(system, email)).length).toBe(2)
  const [newest = '', oldest = ''] = (await mailsTo(system, email)).map(numberIn)
  const verify = (number: string) => graphql(key, verifyDocument, { input: { number } })
  expect((await verify(oldest)).verify).toMatchObject({ __typename: 'WrongCredentials' })

  const answers = await Promise.all(Array.from({ length: 50 }, () => verify(newest)))
  expect(answers.filter(({ verify: answer }) => answer?.__typename === 'Verified')).toHaveLength(1)
})
