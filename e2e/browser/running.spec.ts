import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startSmtp } from '@emailauth/testing/smtp'
import type { Page } from '@playwright/test'
import { numberFor } from '../system/mails.ts'
import type { System } from '../system/running-system.ts'
import { clientOf, expect, register } from '../system/system.ts'
import { startUp } from '../system/up-system.ts'
import { goTo, openDashboard } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'

/** Registers an address, and returns the number that was mailed. */
async function registered(system: System, email: string, token: string): Promise<string> {
  expect(await clientOf(system).register({ email, token })).toMatchObject({ __typename: 'Registered' })
  return numberFor(system, email)
}

/** A number gives its token once. */
async function expectOnce(system: System, number: string, token: string): Promise<void> {
  const { verify } = clientOf(system)
  expect(await verify({ number })).toMatchObject({ __typename: 'Verified', token })
  expect(await verify({ number })).toMatchObject({ __typename: 'WrongCredentials' })
}

test('kill -9 of everything: open pages say so in one strip and go on, and what was registered is not lost', async ({
  system,
  dashboard: events,
}) => {
  const number = await registered(system, 'kept@example.com', 'kept')
  const messages = await events.context().newPage()
  await goTo(events, '/events')
  await openDashboard(messages, system, '/messages?state=SENT')
  const stripOf = (page: Page) => page.getByRole('alert').filter({ hasText: 'The page goes on trying' })
  const live = events.getByText('Live', { exact: true })
  await expect(live).toBeVisible()
  await expect(messages.getByText('kept@example.com')).toBeVisible()
  await system.killAll()
  await expect(events.getByText('Not connected')).toBeVisible()
  for (const page of [events, messages]) await expect(stripOf(page)).toHaveCount(1)
  await expect(messages.getByText('kept@example.com')).toBeVisible()
  await system.restart()
  await register(system, 'back@example.com')
  await expect(live).toBeVisible()
  const row = events.getByRole('row').filter({ hasText: 'back@example.com' })
  await expect(row.filter({ hasText: 'Registered' })).toHaveCount(1)
  for (const page of [events, messages]) await expect(stripOf(page)).toHaveCount(0, { timeout: 30_000 })
  await expectOnce(system, number, 'kept')
})

test('without a Redis on the PATH the embedded one serves, and says what it is', async () => {
  // A PATH with Node and nothing else.
  const system = await startUp({
    PATH: dirname(process.execPath).includes('/usr/bin') ? '/nowhere' : dirname(process.execPath),
  })
  try {
    expect(system.output()).toMatch(/in memory|embedded/i)
    await expectOnce(system, await registered(system, 'ada@example.com', 'hello'), 'hello')
  } finally {
    await system.remove()
  }
})

test('what is in the way is reported in one sentence, with a non-zero exit', async () => {
  const busy = createServer().listen(0, '127.0.0.1')
  await once(busy, 'listening')
  const { port } = busy.address() as { port: number }
  const cases: [Record<string, string>, RegExp][] = [
    [{ EMAILAUTH_GATEWAY_PORT: String(port) }, new RegExp(`${port}.*|EMAILAUTH_GATEWAY_PORT`)],
    [{ EMAILAUTH_REDIS_URL: 'redis://127.0.0.1:1' }, /Redis/],
    [{ EMAILAUTH_SMTP_URL: 'smtp://127.0.0.1:1' }, /SMTP|smtp/],
  ]
  try {
    for (const [env, sentence] of cases) {
      const failed = await startUp(env).then(
        () => undefined,
        (error: Error) => error,
      )
      expect(failed?.message).toMatch(/ended with [1-9]/)
      expect(failed?.message).toMatch(sentence)
      expect(failed?.message).not.toMatch(/\n {4}at /)
    }
  } finally {
    busy.close()
  }
})

test('a Redis in production must be a real one, and so must a relay', async () => {
  const home = await mkdtemp(join(tmpdir(), 'emailauth-e2e-'))
  const smtp = await startSmtp()
  const production = { NODE_ENV: 'production', PATH: '/nowhere', EMAILAUTH_HOME: home }
  const mail = { EMAILAUTH_SMTP_URL: smtp.url, EMAILAUTH_MAIL_FROM: 'no-reply@example.com' }
  const faultOf = (env: Record<string, string>) =>
    startUp(env).then(
      () => undefined,
      (error: Error) => error.message,
    )
  expect(await faultOf({ ...production, ...mail })).toMatch(/the embedded one is not for production/)
  // Nor is the inbox.
  expect(await faultOf({ ...production, EMAILAUTH_MAIL_FROM: mail.EMAILAUTH_MAIL_FROM })).toMatch(
    /EMAILAUTH_SMTP_URL: must be set when NODE_ENV is production/,
  )
  await smtp.stop()
  await rm(home, { recursive: true, force: true })
})
