import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { runCli } from '../system/run-cli.ts'
import { expect, test } from '../system/system.ts'
import { startUp } from '../system/up-system.ts'

const MARK = `${process.pid}`
const [OLDER, NEWEST] = Array.from({ length: 2 }, () => randomBytes(32).toString('base64'))
const KEYS = `${NEWEST},${OLDER}`

let system: Awaited<ReturnType<typeof startUp>>

// A system with secrets of its own, one of them an older key.
test.beforeAll(async () => {
  system = await startUp({
    EMAILAUTH_SECRET_KEYS: KEYS,
    EMAILAUTH_BOUNCE_SECRET: 'a bounce secret of 32 characters',
    OTEL_SERVICE_NAMESPACE: MARK,
    PLANTED: 'of the shell',
  })
})

test.afterAll(() => system.remove())

/** Environments of the services with this test's mark, by service name. */
async function environments(mark: string): Promise<Map<string, Map<string, string>>> {
  const found = new Map<string, Map<string, string>>()
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [command, text] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
      readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
    ])
    const [, service] = /apps\/(gateway|persistence|mailer|inbox)\/dist\/main\.js/.exec(command) ?? []
    const pairs = text.split('\0').flatMap((line): [string, string][] => {
      const at = line.indexOf('=')
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)]]
    })
    const environment = new Map(pairs)
    if (service !== undefined && environment.get('OTEL_SERVICE_NAMESPACE') === mark)
      found.set(service, environment)
  }
  return found
}

test('each service is given its own secrets and no others', async () => {
  test.skip(process.platform !== 'linux', 'the environment of a process is read from /proc')
  const found = await environments(MARK)
  expect([...found.keys()].sort()).toEqual(['gateway', 'inbox', 'mailer', 'persistence'])
  const holders = (name: string) =>
    [...found]
      .filter(([, env]) => env.has(name))
      .map(([of]) => of)
      .sort()
  expect(holders('EMAILAUTH_SECRET_KEYS')).toEqual(['persistence'])
  expect(holders('EMAILAUTH_MAILER_KEYS')).toEqual(['mailer'])
  expect(holders('EMAILAUTH_REDIS_URL')).toEqual(['mailer', 'persistence'])
  expect(holders('EMAILAUTH_BOUNCE_SECRET')).toEqual(['mailer'])
  expect(holders('EMAILAUTH_SERVICE_TOKEN')).toEqual(['gateway', 'mailer', 'persistence'])
  expect(holders('PLANTED')).toEqual([])
  for (const service of ['gateway', 'inbox', 'mailer']) {
    const values = [...(found.get(service)?.values() ?? [])].join('\n')
    for (const key of KEYS.split(',')) expect(values).not.toContain(key)
  }
})

test('the doctor says how long an older secret key is needed, and what has left the ring too early', async () => {
  const checks = async () => {
    const { stdout } = await runCli(['doctor', '--json'], system.env)
    return (JSON.parse(stdout) as { checks: { name: string; state: string; detail: string }[] }).checks
  }
  const before = await checks()
  expect(before.find(({ name }) => name === 'Secret keys')).toMatchObject({
    state: 'ok',
    detail: expect.stringMatching(
      /^[0-9a-f]{8} is the newest \([\w-]+\); [0-9a-f]{8} is needed until \d{4}-/,
    ),
  })
  expect(before.filter(({ name }) => name === 'Store')).toEqual([])
  // Ctrl-C ends it in good order.
  expect(await system.stop()).toBe(0)
  system.env.EMAILAUTH_SECRET_KEYS = NEWEST
  await system.restart()
  const missing = (await checks()).filter(({ name }) => name === 'Store')
  expect(missing.map(({ state }) => state)).toEqual(['fail'])
  expect(missing[0]?.detail).toMatch(/is not in EMAILAUTH_SECRET_KEYS/)
})
