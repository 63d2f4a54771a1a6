import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { eventually } from '@emailauth/testing/eventually'
import { startSystem, type TestSystem } from '@emailauth/testing/system'
import { type Receiver, startReceiver } from '@emailauth/testing/webhook-receiver'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runHere } from '../run-here.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

let system: TestSystem
let receiver: Receiver
beforeAll(async () => {
  system = await startSystem()
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver?.stop()
  await system?.stop()
})

const env = () => ({ EMAILAUTH_URL: system.url, EMAILAUTH_API_KEY: system.apiKey })
const register = async (email: string) =>
  (await runHere(['register', '--email', email, '--token', 't', '--json'], { env: env() })).stdout

/** The CLI while it listens. */
function listen(args: readonly string[]) {
  const child: ChildProcess = spawn(
    process.execPath,
    [MAIN, 'listen', '--forward-to', receiver.url, ...args],
    {
      cwd: tmpdir(),
      env: env(),
    },
  )
  const written = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => {
    written.stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    written.stderr += chunk
  })
  return {
    written,
    async stop() {
      child.kill('SIGINT')
      await once(child, 'exit')
      return child.exitCode
    },
  }
}

test('events are posted as they happen, signed with the secret that is printed', async () => {
  const listening = listen(['--after', '0', '--json'])
  await eventually(() => expect(listening.written.stderr).toMatch(/whsec_\S+/))
  const [secret = ''] = /whsec_\S+/.exec(listening.written.stderr) ?? []
  receiver.secrets = [secret]
  const { identityId } = JSON.parse(await register('listen@example.com'))
  const own = () => receiver.received.filter(({ body }) => body.data.identityId === identityId)
  await eventually(() => expect(own().map(({ body }) => body.type)).toEqual(['REGISTERED', 'SENT']))
  expect(own().every(({ verified }) => verified[0])).toBe(true)
  await eventually(() => expect(listening.written.stdout.split('\n').length).toBeGreaterThan(2))
  const lines = listening.written.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toContainEqual({
    eventId: own()[0]?.id,
    type: 'REGISTERED',
    status: 204,
    durationMs: expect.any(Number),
    error: null,
  })
  expect(await listening.stop()).toBe(0)
})

test('a receiver that is not there is said in a line, and the next event is tried again', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  receiver.secrets = [secret]
  await receiver.stop()
  const listening = listen(['--secret', secret, '--type', 'registered'])
  await eventually(() => expect(listening.written.stderr).toContain('Ctrl-C'))
  expect(listening.written.stderr).not.toContain('whsec_')
  // It subscribes a while after that line. One address would reach its limit until then.
  let tries = 0
  await eventually(async () => {
    await register(`gone${tries++}@example.com`)
    expect(listening.written.stdout).toMatch(/REGISTERED +demo\.\S+ +The connection was refused\. +\d+ ms/)
  }, 30_000)
  await receiver.start()
  const before = receiver.received.length
  await register('back@example.com')
  await eventually(() => expect(receiver.received.length).toBeGreaterThan(before))
  expect(receiver.received.at(-1)?.verified).toEqual([true])
  expect(await listening.stop()).toBe(0)
})

test.each([
  [[]],
  [['--forward-to', 'localhost:3000']],
  [['--forward-to', 'http://localhost:3000', '--secret', 'short']],
])('%j is a usage error', async (args) => {
  expect((await runHere(['listen', ...args], { env: env() })).exitCode).toBe(64)
})
