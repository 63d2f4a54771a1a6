import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { FULL } from '@emailauth/testing/full-form'
import { startSystem, type TestSystem } from '@emailauth/testing/system'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const CLI = `"${process.execPath}" "${MAIN}"`

interface ShellRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a script of the shell, where `$cli` is the CLI. */
function shell(
  script: string,
  env: Readonly<Record<string, string>>,
  wrapper: string[] = [],
): Promise<ShellRun> {
  const [file = '', ...args] = [...wrapper, 'sh', '-c', script]
  return new Promise((resolve) => {
    const child = execFile(file, args, { env: { PATH: process.env.PATH, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    )
    child.stdin?.end()
  })
}

let system: TestSystem
let env: Record<string, string>
beforeAll(async () => {
  system = await startSystem()
  env = { EMAILAUTH_HOME: system.home, XDG_CONFIG_HOME: system.home }
})
afterAll(() => system?.stop())

/** One command for each way of printing: the short form. */
const WAYS = [
  '--help',
  'register --email full@example.com --token t',
  'identities',
  'identities --watch',
  'events --follow --after 0',
  'keys create --tenant demo --name full',
  'suppressions export --tenant demo',
  'mail preview --tenant demo',
  'webhooks list --json',
  'api "{ viewer { scope } }"',
  'doctor',
  'completion bash',
]
/** The others that print data. */
const OTHERS = [
  'inbox',
  'events',
  'statistics',
  'tenants list',
  'keys list',
  'messages --tenant demo',
  'open',
  'config',
  'config check',
  'sessions list --json',
  'completion fish',
]

test.runIf(process.platform === 'linux').each(FULL ? [...WAYS, ...OTHERS] : WAYS)(
  '%s > /dev/full: one sentence and exit code 1',
  async (args) => {
    const run = () => shell(`${CLI} ${args} > /dev/full`, env)
    let { code, stderr } = await run()
    // A gateway without enough of the processor refuses some calls, and answers others too late.
    while (/try again in a second|did not answer within/.test(stderr)) ({ code, stderr } = await run())
    const said = stderr.split('\n').filter((line) => line.startsWith('error: '))
    expect(said).toEqual(['error: The output cannot be written. No space is left on the disk.'])
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect(code).toBe(1)
  },
)

/** A namespace of its own, in which a file system can be mounted. */
const UNSHARE = ['unshare', '-rm']
const mounts = await shell('mount -t tmpfs t /mnt', {}, UNSHARE)

describe.runIf(mounts.code === 0)('files', () => {
  const FILL =
    'mount -t tmpfs -o size=64k t /mnt; cd /mnt; PREPARE; head -c 65536 /dev/zero > fill 2>/dev/null'
  const READ_ONLY = 'mount -t tmpfs t /mnt; cd /mnt; PREPARE; mount -o remount,bind,ro /mnt'
  const PROFILE =
    'mkdir -p cfg/emailauth; echo \'{"current":"a","profiles":{"a":{"url":"URL","apiKey":"ea_x","scope":"ADMIN"}}}\' > cfg/emailauth/profiles.json'

  test.each([
    ['dkim create --domain a.example', '', '/mnt/dkim-a.example-s1.pem'],
    ['login --url URL --key -', '', '/mnt/cfg'],
    ['login --url URL --key -', PROFILE, '/mnt/cfg/emailauth/profiles.json'],
    ['logout', PROFILE, '/mnt/cfg/emailauth/profiles.json'],
    ['up', '', '/mnt/home'],
    ['up', 'mkdir home', '/mnt/home/up.lock'],
    ['reset --yes', 'mkdir home', '/mnt/home/up.lock'],
  ])('%s on a full disk and on one that is read-only (%s)', async (args, prepare, path) => {
    const full = [FILL, 'No space is left on the disk'] as const
    const readOnly = [READ_ONLY, 'The disk is read-only'] as const
    // What is there before makes no difference to a disk that takes nothing: the full form tries it.
    for (const [mount, why] of FULL || prepare === '' ? [full, readOnly] : [full]) {
      const script = `${mount.replace('PREPARE', prepare || ':')}; files() { find . -type f | sort; }; before=$(files); echo "$KEY" | ${CLI} ${args}; code=$?; test "$before" = "$(files)" || files >&2; exit $code`
      const { code, stderr } = await shell(
        script.replaceAll('URL', system.url),
        { EMAILAUTH_HOME: '/mnt/home', XDG_CONFIG_HOME: '/mnt/cfg', KEY: system.adminKey },
        UNSHARE,
      )
      expect(stderr).toContain(`${why}.`)
      expect(stderr).toContain(path)
      expect(stderr.split('\n').filter((line) => line.startsWith('error: '))).toHaveLength(1)
      expect(stderr).not.toMatch(/^ {4}at /m)
      // No half a file stays, which the next try would stumble over.
      expect(stderr).not.toContain('./')
      expect(code).toBe(1)
    }
  })
})
