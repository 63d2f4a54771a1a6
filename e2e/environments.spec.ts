import { readdir, readFile } from 'node:fs/promises'
import { expect, startUp, test } from './system.ts'

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
  const mark = `${process.pid}`
  const keys = Buffer.alloc(32, 9).toString('base64')
  const system = await startUp({
    EMAILAUTH_SECRET_KEYS: keys,
    EMAILAUTH_BOUNCE_SECRET: 'a bounce secret of 32 characters',
    OTEL_SERVICE_NAMESPACE: mark,
    PLANTED: 'of the shell',
  })
  try {
    const found = await environments(mark)
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
      expect([...(found.get(service)?.values() ?? [])].join('\n')).not.toContain(keys)
    }
  } finally {
    await system.remove()
  }
})
