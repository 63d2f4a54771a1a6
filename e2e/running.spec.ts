import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, runCli, startSystem, startUp, test } from './system.ts'

async function numberOf(system: Awaited<ReturnType<typeof startUp>>, email: string): Promise<string> {
  const [mail] = JSON.parse((await system.cli(['inbox', '--to', email, '--wait', '60', '--json'])).stdout)
  return mail.number
}

test('kill -9 of everything loses no registration that was acknowledged', async () => {
  const system = await startSystem()
  try {
    expect((await system.cli(['register', '--email', 'ada@example.com', '--token', 'kept'])).code).toBe(0)
    const number = await numberOf(system, 'ada@example.com')
    await system.killAll()
    await system.restart()
    expect(await system.cli(['verify', number])).toMatchObject({ code: 0, stdout: 'kept\n' })
    expect((await system.cli(['verify', number])).code).toBe(3)
    expect(await system.stop()).toBe(0)
  } finally {
    await system.remove()
  }
})

test('without a Redis on the PATH the embedded one serves, and says what it is', async () => {
  // A PATH with Node and nothing else.
  const system = await startUp({
    PATH: dirname(process.execPath).includes('/usr/bin') ? '/nowhere' : dirname(process.execPath),
  })
  try {
    expect(system.output()).toMatch(/in memory|embedded/i)
    expect((await system.cli(['register', '--email', 'ada@example.com', '--token', 'hello'])).code).toBe(0)
    const number = await numberOf(system, 'ada@example.com')
    expect(await system.cli(['verify', number])).toMatchObject({ code: 0, stdout: 'hello\n' })
    expect((await system.cli(['verify', number])).code).toBe(3)
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

test('the doctor says how long an older secret key is needed, and what has left the ring too early', async () => {
  const [older, newest] = Array.from({ length: 2 }, () => randomBytes(32).toString('base64'))
  const system = await startUp({ EMAILAUTH_SECRET_KEYS: `${newest},${older}` })
  const checks = async () => {
    const { stdout } = await runCli(['doctor', '--json'], system.env)
    return (JSON.parse(stdout) as { checks: { name: string; state: string; detail: string }[] }).checks
  }
  try {
    const keys = (await checks()).find(({ name }) => name === 'Secret keys')
    expect(keys).toMatchObject({
      state: 'ok',
      detail: expect.stringMatching(/^[0-9a-f]{8} is the newest; [0-9a-f]{8} is needed until \d{4}-/),
    })
    expect((await checks()).filter(({ name }) => name === 'Store')).toEqual([])
    await system.stop()
    system.env.EMAILAUTH_SECRET_KEYS = String(newest)
    await system.restart()
    const missing = (await checks()).filter(({ name }) => name === 'Store')
    expect(missing.map(({ state }) => state)).toEqual(['fail'])
    expect(missing[0]?.detail).toMatch(/is not in EMAILAUTH_SECRET_KEYS/)
  } finally {
    await system.remove()
  }
})
