import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSystem, type TestSystem } from '@emailauth/testing/system'
import stringWidth from 'string-width'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runInTerminal, type TerminalRun } from './terminal.ts'

let system: TestSystem
let folder: string
let receiver: Server
/** What commands before have made, by name. */
const made = new Map<string, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-narrow-'))
  receiver = createServer((_request, response) => response.end())
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  system = await startSystem({ EMAILAUTH_ALLOW_PRIVATE_WEBHOOKS: 'true' })
  await writeFile(join(folder, 'list.csv'), 'email\ngone@example.com\nnot an address\n')
})
afterAll(async () => {
  receiver?.close()
  await system?.stop()
  await rm(folder, { recursive: true, force: true })
})

const receiverUrl = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`
const env = (more: Readonly<Record<string, string>> = {}) => ({
  EMAILAUTH_HOME: system.home,
  HOME: folder,
  XDG_CONFIG_HOME: folder,
  NO_COLOR: '1',
  ...more,
})

/** `{name}` is what a command before has made. */
const filled = (args: string) =>
  (args.match(/"[^"]*"|\S+/g) ?? []).map((arg) =>
    arg.replace(/^"|"$/g, '').replace(/\{(\w+)\}/g, (_, name) => made.get(name) ?? `missing-${name}`),
  )

interface Step {
  readonly args: string
  /** Default: 0. */
  readonly exits?: number
  /** Keeps what was printed on stdout under this name. */
  readonly as?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Interrupts it as soon as it has written this. */
  readonly until?: RegExp
}

const LONG = 'ada.augusta.king.countess.of.lovelace@analytical-engines.example.com'

/** Every command, with data and with what can go wrong. Later ones need what earlier ones have made. */
const STEPS: readonly Step[] = [
  { args: '', exits: 64 },
  { args: 'regster', exits: 64 },
  { args: `register --email ${LONG} --token hello`, as: 'identity' },
  { args: 'register --email zoe@example.com --token hello' },
  { args: 'register --email zoe@example.com --token hello', exits: 5 },
  { args: 'register --email nonsense --token hello', exits: 1 },
  { args: 'register --emial x', exits: 64 },
  { args: 'resend {identity}', exits: 5 },
  { args: 'resend demo.none', exits: 3 },
  { args: 'inbox' },
  { args: `inbox --to ${LONG} --wait 20` },
  { args: 'inbox --to nobody@example.com' },
  { args: 'inbox --to nobody@example.com --wait 1', exits: 3 },
  { args: 'identities' },
  { args: 'identities {identity}' },
  { args: 'identities demo.none', exits: 3 },
  { args: 'identities --domain example.com --first 1' },
  { args: 'identities --watch', until: /waiting/ },
  { args: 'verify 123456789012', exits: 3 },
  { args: 'verify -', exits: 64 },
  { args: 'events' },
  { args: 'events --follow --after 0', until: /REGISTERED/ },
  { args: 'events --type nonsense', exits: 64 },
  { args: 'statistics' },
  { args: 'statistics --step nonsense', exits: 64 },
  { args: 'tenants create shop --name "The analytical shop of London" --locale es', as: 'tenant' },
  { args: 'tenants create shop', exits: 1 },
  { args: 'tenants create shop-e2e --test --name 日本の店' },
  { args: 'tenants list' },
  { args: 'tenants update shop --verification bound --bound-digits 6', exits: 1 },
  { args: 'tenants update shop --ttl 900 --mail-sender-name Shop' },
  { args: 'tenants update shop --ttl 900 --reset ttl', exits: 1 },
  { args: 'tenants update shop --reset colour', exits: 64 },
  { args: 'tenants update shop', exits: 64 },
  { args: 'tenants disable shop' },
  { args: 'tenants enable shop' },
  { args: 'tenants disable nobody', exits: 3 },
  { args: 'keys create --tenant shop-e2e --name e2e', as: 'testKey' },
  { args: 'keys create --tenant demo --name "another key of the demo"', as: 'key' },
  { args: 'keys create --name n', exits: 64 },
  { args: 'keys list --tenant demo' },
  { args: 'keys list' },
  { args: 'keys rotate none', exits: 3 },
  { args: 'keys revoke none --yes', exits: 3 },
  { args: 'messages --tenant demo' },
  { args: 'messages --state sent' },
  { args: 'messages --state rejected' },
  { args: 'messages --state nonsense', exits: 64 },
  { args: `suppressions add ${LONG} --tenant demo --reason complained` },
  { args: 'suppressions import {folder}/list.csv --tenant demo', exits: 1 },
  { args: 'suppressions import {folder}/none.csv --tenant demo', exits: 1 },
  { args: 'suppressions list --tenant demo' },
  { args: 'suppressions list --tenant shop' },
  { args: 'suppressions export --tenant demo' },
  { args: `suppressions clear ${LONG} --tenant demo` },
  { args: 'suppressions clear nobody@example.com --tenant demo', exits: 3 },
  { args: 'mail preview --tenant demo --part subject' },
  { args: 'mail preview --tenant nobody', exits: 3 },
  { args: 'mail test --tenant demo --to t@example.com' },
  { args: 'webhooks list' },
  { args: 'webhooks create {receiver} --description "Orders of the shop, live"', as: 'secret' },
  { args: 'webhooks list' },
  { args: 'webhooks test {webhook}' },
  { args: 'webhooks attempts {webhook}' },
  { args: 'webhooks replay {webhook} --failed-since 2h', exits: 3 },
  { args: 'webhooks replay {webhook} 1-1', exits: 1 },
  { args: 'webhooks update {webhook} --description Orders' },
  { args: 'webhooks update {webhook}', exits: 64 },
  { args: 'webhooks rotate-secret {webhook}' },
  { args: 'webhooks delete {webhook} --yes' },
  { args: 'webhooks delete none --yes', exits: 3 },
  { args: 'listen --forward-to {receiver} --after 0', until: /200 {1,2}\d+ ms|200\n/ },
  { args: 'listen', exits: 64 },
  { args: 'trigger bounced', exits: 64 },
  { args: 'trigger rejected', env: { EMAILAUTH_API_KEY: '{testKey}' } },
  { args: 'sessions list' },
  { args: 'sessions revoke none', exits: 3 },
  { args: 'api "{ viewer { scope } }"' },
  { args: 'api "{ nonsense }"', exits: 1 },
  { args: 'open' },
  { args: 'login --url {url} --key - --name other', input: '{adminKey}' },
  { args: 'login --url {url} --key -', input: 'ea_wrong', exits: 4 },
  { args: 'config' },
  { args: 'config check' },
  { args: 'config check', env: { EMAILAUTH_GATEWAY_PORT: 'nonsense' }, exits: 1 },
  { args: 'config show' },
  { args: 'logout --name other' },
  { args: 'logout --name nobody', exits: 3 },
  { args: 'identities --profile nobody', exits: 64 },
  { args: 'doctor --domain nonsense', exits: 64 },
  { args: 'doctor' },
  { args: 'dkim create --domain acme.example' },
  { args: 'dkim create --domain acme.example', exits: 1 },
  { args: 'reset --yes', exits: 1 },
  { args: 'revoke {identity} --yes' },
  { args: 'revoke {identity} --yes', exits: 3 },
  { args: 'revoke {identity}', exits: 64 },
  { args: 'tenants delete shop --yes' },
  { args: 'tenants delete shop', exits: 64 },
  { args: 'identities --url http://127.0.0.1:9', env: { EMAILAUTH_API_KEY: 'ea_x' }, exits: 6 },
  { args: 'identities', env: { EMAILAUTH_HOME: '/nowhere/at/all' }, exits: 4 },
  { args: 'completion bash' },
  { args: 'completion fishy', exits: 64 },
]

async function run(step: Step, columns: number | undefined): Promise<TerminalRun> {
  made.set('receiver', receiverUrl())
  made.set('url', system.url)
  made.set('folder', folder)
  made.set('adminKey', system.adminKey)
  const more = Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value).join('')])
  let interrupted = false
  const done = await runInTerminal(filled(step.args), {
    columns,
    env: env(Object.fromEntries(more)),
    folder,
    input: filled(step.input ?? '').join(''),
    onWrite(text) {
      if (interrupted || step.until?.test(text) !== true) return
      interrupted = true
      // Not before the command listens for it.
      setImmediate(() => process.emit('SIGINT'))
    },
  })
  if (step.as !== undefined) made.set(step.as, done.stdout.trim())
  const [, webhook] = /^Endpoint (\S+)\.$/m.exec(done.stderr) ?? []
  if (webhook !== undefined) made.set('webhook', webhook)
  return done
}

/** Data for programs, which is printed as it is: JSON, CSV, a line of a zone file, a script. */
const RAW = /^(api|suppressions export|dkim create|completion)/

/** What is too wide and could be broken. A word stays whole for copying, quoted text of a command too. */
function tooWide(text: string, columns: number): string[] {
  return text
    .split('\n')
    .filter((line) => stringWidth(line) > columns)
    .filter((line) =>
      line
        .trim()
        .replace(/ \\$/, '')
        .replace(/"(?:\\.|[^"\\])*"/g, '')
        .includes(' '),
    )
}

const ESCAPE = '\u001b'

test('at 40 columns every command says all that it has to say in lines that fit', async () => {
  for (const step of STEPS) {
    const { exitCode, stdout, stderr } = await run(step, 40)
    expect([step.args, exitCode, stderr]).toEqual([step.args, step.exits ?? 0, stderr])
    expect([step.args, tooWide(stderr, 40)]).toEqual([step.args, []])
    if (!RAW.test(step.args)) expect([step.args, tooWide(stdout, 40)]).toEqual([step.args, []])
    // Nothing is cut, so that addresses and ids are whole.
    expect(stdout + stderr, step.args).not.toMatch(/[a-z0-9]…/i)
    // The list that is drawn again and again moves the cursor.
    if (!step.args.includes('--watch')) expect(stdout + stderr, step.args).not.toContain(ESCAPE)
  }
}, 300_000)

test.each([0, undefined])(
  'a terminal of %s columns counts as 80',
  async (columns) => {
    for (const step of STEPS.filter(({ until }) => until === undefined)) {
      const { stdout, stderr } = await run(step, columns)
      expect([step.args, tooWide(stderr, 80)]).toEqual([step.args, []])
      if (!RAW.test(step.args)) expect([step.args, tooWide(stdout, 80)]).toEqual([step.args, []])
      expect(stdout + stderr, step.args).not.toContain(ESCAPE)
    }
  },
  300_000,
)

const help = async (names: readonly string[], columns: number | undefined, more = {}) =>
  (await runInTerminal([...names, '--help'], { columns, env: { ...env(), ...more }, folder })).stdout

/** The commands below one, as its help lists them: in one group, or in several with other titles. */
const below = (text: string): string[] =>
  text
    .split('\n\n')
    .filter(
      (part) =>
        /^[A-Z].*:\n/.test(part) && !/^(Examples|Arguments|Options|Global Options|Exit codes):/.test(part),
    )
    .flatMap((part) => [...part.matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name = '']) => name))
    .filter((name) => name !== 'help')

async function everyCommand(names: readonly string[] = []): Promise<string[][]> {
  const under = await Promise.all(below(await help(names, 80)).map((name) => everyCommand([...names, name])))
  return [[...names], ...under.flat()]
}

test('the help of every command fits 40 columns, and every command is tried above', async () => {
  const commands = await everyCommand()
  expect(commands.length).toBeGreaterThan(45)
  for (const names of commands) {
    for (const columns of [40, 80, 0, undefined]) {
      const text = await help(names, columns)
      expect([names, tooWide(text, columns || 80)]).toEqual([names, []])
      expect(text).toMatch(/^Examples:\n|^Usage:/)
    }
    expect(await help(names, undefined, { COLUMNS: '40' })).toBe(await help(names, 40))
    const isLeaf = below(await help(names, 80)).length === 0
    // These two run for good; what they print is tested beside them.
    if (!isLeaf || ['up', 'serve'].includes(names.join(' '))) continue
    const line = names.join(' ')
    expect(
      STEPS.some(({ args }) => `${args} `.startsWith(`${line} `)),
      `${line} is tried`,
    ).toBe(true)
  }
})
