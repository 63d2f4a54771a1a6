import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
// EX_CONFIG of sysexits.h.
const BAD_SETTING = 78

/** Runs a built service, with these variables only, until it ends. */
async function start(service: string, env: Readonly<Record<string, string>>) {
  return await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const program = join(ROOT, 'apps', service, 'dist/main.js')
    execFile(process.execPath, [program], { env, timeout: 60_000 }, (error, _stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    )
  })
}

test.each(['gateway', 'persistence', 'mailer', 'serve', 'inbox'])(
  '%s: a wrong setting is named, and the exit code is that of a wrong configuration',
  async (service) => {
    // All read their settings before they start other processes, by the same function: one is enough.
    for (const more of service === 'serve' ? [{}, { EMAILAUTH_PROCESSES: '2' }] : [{}]) {
      const { code, stderr } = await start(service, { EMAILAUTH_LOG_LEVEL: 'loud', ...more })
      expect(stderr).toContain('The environment is not fit to start with:\n')
      expect(stderr).toContain('EMAILAUTH_LOG_LEVEL')
      expect(code).toBe(BAD_SETTING)
    }
  },
)

test('what is found wrong with the settings by a worker is answered so by its first process', async () => {
  const { code, stderr } = await start('persistence', {
    EMAILAUTH_PROCESSES: '2',
    EMAILAUTH_REDIS_URL: 'redis://127.0.0.1:1',
    EMAILAUTH_SECRET_KEYS: Buffer.alloc(32, 1).toString('base64'),
    EMAILAUTH_SERVICE_TOKEN: 'x'.repeat(32),
    EMAILAUTH_TLS_CERT: '/nowhere/cert.pem',
    EMAILAUTH_TLS_KEY: '/nowhere/key.pem',
  })
  expect(stderr).toContain('EMAILAUTH_TLS_CERT')
  expect(code).toBe(BAD_SETTING)
})

test('a port that is taken is no wrong setting: it may be free the next time', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await new Promise((listening) => other.once('listening', listening))
  const { port } = other.address() as AddressInfo
  const { code, stderr } = await start('inbox', {
    EMAILAUTH_INBOX_PORT: String(port),
    EMAILAUTH_SMTP_PORT: '0',
  })
  expect(stderr).toContain('The port is taken by another program')
  expect(code).toBe(1)
})

test('a service that is asked to end while it waits for a Redis that is silent ends well', async () => {
  const redis = createTcpServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1')
  onTestFinished(() => void redis.close())
  await once(redis, 'listening')
  const { port } = redis.address() as AddressInfo
  for (const service of ['persistence', 'mailer', 'serve']) {
    const program = spawn(process.execPath, [join(ROOT, 'apps', service, 'dist/main.js')], {
      env: {
        EMAILAUTH_REDIS_URL: `redis://127.0.0.1:${port}`,
        EMAILAUTH_SECRET_KEYS: Buffer.alloc(32, 1).toString('base64'),
        EMAILAUTH_SERVICE_TOKEN: 'x'.repeat(32),
        EMAILAUTH_SMTP_URL: 'smtp://127.0.0.1:1',
        EMAILAUTH_ENV_FILE: 'none',
      },
    })
    const said = Promise.all([text(program.stdout), text(program.stderr)])
    const ended = once(program, 'close')
    await Promise.race([once(redis, 'connection'), ended])
    program.kill('SIGTERM')
    expect(await ended, (await said).join('')).toEqual([0, null])
  }
})

test('a program that does not listen for signals ends by them, although it is loaded as services are', async () => {
  const host = spawn(process.execPath, [join(ROOT, 'apps/test-host/dist/main.js')], {
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const ended = once(host, 'exit')
  const answered = once(host, 'message')
  // What it answers is a fault; then it has started.
  host.send({ id: 1, open: 'nothing', env: {} })
  await answered
  host.kill('SIGTERM')
  expect(await ended).toEqual([null, 'SIGTERM'])
})
