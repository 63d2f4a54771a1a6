import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { skipPauses } from '@emailauth/testing/pauses'
import { expect, onTestFinished, test, vi } from 'vitest'
import { forward } from './commands/listen.ts'
import { createDkimKey, zoneLine } from './dkim/dkim-key.ts'
import { checkStore } from './doctor/check-store.ts'
import { watchIdentities } from './identities/watch-identities.ts'
import { createInbox } from './inbox/inbox-client.ts'
import { waitForMail } from './inbox/wait-for-mail.ts'
import { takeLock } from './up/home/lock.ts'
import { readPlan } from './up/home/plan.ts'
import { requireFreePorts } from './up/ports.ts'
import { startChild } from './up/services/child.ts'
import { createKeyAt } from './up/services/create-key.ts'
import { readiness, waitUntilReady } from './up/services/ready.ts'
import { requireReachableSmtp } from './up/services/smtp-reachable.ts'
import { watchBundles } from './up/services/watch-bundles.ts'

// How long the commands wait and how much they keep, each number written out.

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-limits-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

const away = async () => `http://127.0.0.1:${await freePort()}`
const refused = () => Promise.reject(new Error('refused'))

const TIMEOUTS: readonly [what: string, ms: number, act: () => Promise<unknown>][] = [
  ['an inbox', 5000, async () => createInbox(await away()).newest({ first: 1 })],
  [
    'persistence, for a key',
    10_000,
    async () => createKeyAt({ persistenceUrl: await away(), serviceToken: 't', fetch: refused }, {} as never),
  ],
  ['a service, until it is ready', 2000, async () => readiness(await away())],
  [
    'the store, for the doctor',
    5000,
    async () => {
      const port = String(await freePort())
      const env = { EMAILAUTH_PERSISTENCE_PORT: port, EMAILAUTH_SERVICE_TOKEN: 't'.repeat(32) }
      return checkStore(readPlan(env, '/nowhere'), env, { isRedisChecked: true })
    },
  ],
  ['a mail server', 3000, async () => requireReachableSmtp(`smtp://127.0.0.1:${await freePort()}`)],
  [
    'a receiver of webhooks',
    15_000,
    async () => forward(await away(), 'whsec_AAAA', { type: 'SENT', actor: null, reason: null } as never),
  ],
]

test.each(TIMEOUTS)('%s gets %i ms to answer', async (_what, ms, act) => {
  const timeout = vi.spyOn(AbortSignal, 'timeout')
  await act().catch(() => {})
  expect(new Set(timeout.mock.calls.map(([given]) => given))).toEqual(new Set([ms]))
})

const PAUSES: readonly [what: string, pauses: readonly number[], act: () => Promise<unknown>][] = [
  ['an inbox without the mail', [200, 200, 200, 200, 200], () => waitForMail(async () => [], 1)],
  [
    'a service that is not ready',
    [40, 40, 40],
    () =>
      waitUntilReady('gateway', 'http://x', new AbortController().signal, { fetch: refused, withinMs: 100 }),
  ],
  [
    'the list of identities',
    [1000, 1000],
    () => {
      let left = 2
      const context = { world: { stdout: {} }, output: { json: true } }
      return watchIdentities(context as never, async () => {
        if (left-- === 0) throw new Error('enough')
        return { nodes: [], totalCount: 0 } as never
      })
    },
  ],
  ['a lock that was taken', [100], async () => (await takeLock(await aFolder())).release()],
]

test.each(PAUSES)('%s is asked again after %j ms', async (_what, pauses, act) => {
  const skipped = skipPauses()
  await act().catch(() => {})
  expect(skipped).toEqual(pauses)
})

test('of the mails to one address the 1,000 newest are looked through', async () => {
  const urls: unknown[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
    urls.push(url)
    return Response.json({ messages: [] })
  })
  await createInbox('http://inbox').newest({ to: 'ada@example.com', first: 3 })
  await createInbox('http://inbox').newest({ first: 3 })
  expect(urls).toEqual([
    'http://inbox/api/v1/search?limit=1000&query=to%3Aada%40example.com',
    'http://inbox/api/v1/messages?limit=3',
  ])
})

test('after a crash of "up" its ports get 12 s to become free', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const port = {
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    of: 'gateway',
    variable: 'X',
  }
  const pauses = skipPauses()
  const taken = 'is taken by another program'
  await expect(requireFreePorts([port], { afterCrash: false })).rejects.toThrow(taken)
  expect(pauses).toEqual([])
  await expect(requireFreePorts([port], { afterCrash: true })).rejects.toThrow(taken)
  expect(pauses).toEqual(Array(240).fill(50))
})

function aChild(script: string) {
  const deaths: string[] = []
  const lines: string[] = []
  const child = startChild({
    name: 'gateway',
    file: process.execPath,
    args: ['-e', script],
    env: {},
    linked: false,
    onLine: (line) => line === 'up' && lines.push(line) > 0,
    onDeath: (description) => void deaths.push(description),
  })
  return { child, deaths, lines }
}

test('of a service that dies the last 5 lines are shown, each to 160 characters', async () => {
  const { deaths } = aChild(
    `for (let line = 1; line <= 6; line++) console.log(String(line).repeat(161)); process.exitCode = 3`,
  )
  const kept = [2, 3, 4, 5, 6].map((line) => `  ${String(line).repeat(160)}`)
  await eventually(() => expect(deaths).toEqual([['gateway ended with exit code 3.', ...kept].join('\n')]))
})

test('a service that does not end is killed after 12 s', async () => {
  const { child, lines } = aChild(
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')`,
  )
  await eventually(() => expect(lines).toEqual(['up']))
  const pauses = skipPauses()
  await child.stop()
  expect(pauses).toEqual([12_000])
})

test('a service starts again when its bundle was left alone for 60 ms', async () => {
  const folder = await aFolder()
  const app = { file: join(folder, 'main.js') }
  const onChange = vi.fn()
  const end = watchBundles([app as never], onChange)
  onTestFinished(end)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const fake = globalThis.setTimeout
  const lengths: unknown[] = []
  // No spy: Vitest would put the fake one back, after the real timers.
  globalThis.setTimeout = ((...call: Parameters<typeof fake>) => {
    lengths.push(call[1])
    return fake(...call)
  }) as typeof fake
  onTestFinished(() => {
    globalThis.setTimeout = fake
    vi.useRealTimers()
  })
  await writeFile(app.file, '')
  // Not the number of all timers: other files of this process may have some.
  await eventually(() => expect(lengths).toContain(60))
  vi.advanceTimersByTime(59)
  expect(onChange).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onChange.mock.calls).toEqual([[app]])
})

test('an RSA key for DKIM has 2,048 bits, and a string of its record 255 characters', () => {
  const { pem, record } = createDkimKey('rsa')
  expect(createPrivateKey(pem).asymmetricKeyDetails?.modulusLength).toBe(2048)
  const strings = zoneLine('s._domainkey.example.com', record).match(/"[^"]*"/g) ?? []
  expect(strings.map(({ length }) => length - 2)).toEqual([255, record.length - 255])
})
