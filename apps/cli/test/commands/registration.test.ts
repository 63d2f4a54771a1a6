import { expect, test } from 'vitest'
import { cliWith, REGISTER, registered } from '../cli-with.ts'

test('register: the id alone on stdout, the description on stderr, all options sent', async () => {
  // A life of its own: the shared answer may have been made long before.
  const expiresAt = new Date(Date.now() + 600_000).toISOString()
  const { run, calls } = await cliWith({ register: { data: { ...registered, expiresAt } } })
  const more = ['--locale', 'es', '--expires-in', '90', '--client-ip', '::1', '--idempotency-key', 'k']
  const { exitCode, stdout, stderr } = await run([...REGISTER, 'hello', ...more])
  expect([exitCode, stdout]).toEqual([0, 'demo.id\n'])
  expect(stderr).toMatch(/^The number for ada@example.com is mailed; it expires in (10:00|9:5\d)\.\n/)
  expect(stderr).toContain('had before is no longer valid')
  const input = {
    email: 'ada@example.com',
    token: 'hello',
    locale: 'es',
    clientIp: '::1',
    idempotencyKey: 'k',
  }
  expect(calls).toEqual([
    {
      field: 'register',
      authorization: 'Bearer ea_env',
      variables: { input: { ...input, expiresInSeconds: 90 } },
    },
  ])
})

test('register --token - reads stdin; --json prints the member as it is', async () => {
  const { run, calls } = await cliWith({ register: { data: registered } })
  const { stdout } = await run([...REGISTER, '-', '--json', '-q'], 'from stdin\n')
  expect(JSON.parse(stdout)).toEqual(registered)
  expect(calls[0]?.variables.input).toMatchObject({ token: 'from stdin' })
})

test('verify prints the token alone, untouched', async () => {
  const token = 'a\ttoken \u001b[1m ñ'
  const verified = {
    __typename: 'Verified',
    identityId: 'i',
    email: 'ada@example.com',
    token,
    registeredAt: 'r',
  }
  const { run, calls } = await cliWith({ verify: { data: verified } })
  const { exitCode, stdout } = await run(['verify', '1234', '5678', '--email', 'e', '--identity', 'i'])
  expect([exitCode, stdout]).toEqual([0, `${token}\n`])
  expect(calls[0]?.variables.input).toMatchObject({ number: '12345678', email: 'e', identityId: 'i' })
  await run(['verify', 'Your', 'code:', '1234\u20115678'])
  expect(calls[1]?.variables.input).toMatchObject({ number: '12345678' })
  await run(['verify', '-'], '87654321\n')
  expect(calls[2]?.variables.input).toMatchObject({ number: '87654321' })
})
