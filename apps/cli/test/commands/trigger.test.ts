import { afterEach, expect, test } from 'vitest'
import { registered } from '../cli-with.ts'
import { startGateway } from '../gateway.ts'
import { runHere } from '../run-here.ts'

let gateway: Awaited<ReturnType<typeof startGateway>> | undefined
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
})

async function trigger(event: string, key = 'ea_test_key') {
  gateway = await startGateway({
    register: { data: registered },
    resend: { data: registered },
    verify: { data: { __typename: 'WrongCredentials', code: 'WRONG_CREDENTIALS', message: 'No.' } },
    revokeIdentity: { data: true },
  })
  const env = { EMAILAUTH_URL: gateway.url, EMAILAUTH_API_KEY: key }
  return { ...(await runHere(['trigger', event], { env })), calls: gateway.calls }
}

test.each([
  ['registered', ['register'], ''],
  ['bounced', ['register'], '+bounced'],
  ['expired', ['register'], '+expired'],
  ['resent', ['register', 'resend'], ''],
  ['verified', ['register', 'verify'], ''],
  ['burned', ['register', 'verify'], '+burned'],
  ['replaced', ['register', 'register'], ''],
  ['revoked', ['register', 'revokeIdentity'], ''],
])('%s', async (event, fields, tag) => {
  const { exitCode, stdout, calls } = await trigger(event)
  expect([exitCode, stdout]).toEqual([0, `${registered.identityId}\n`])
  expect(calls.map(({ field }) => field)).toEqual(fields)
  const input = calls[0]?.variables.input as { email: string } | undefined
  const [, tags, number] = /^trigger(.*)\+(\d{12})@test\.emailauth\.invalid$/.exec(input?.email ?? '') ?? []
  expect(tags).toBe(tag)
  if (event === 'verified')
    expect(calls[1]?.variables.input).toMatchObject({ number, identityId: registered.identityId })
})

test('it needs the key of a test tenant, and an event that can be made', async () => {
  expect(await trigger('bounced', 'ea_live')).toMatchObject({ exitCode: 64, calls: [] })
  await gateway?.stop()
  expect(await trigger('nothing')).toMatchObject({ exitCode: 64, calls: [] })
})
