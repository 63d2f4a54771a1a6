import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@emailauth/client'
import { eventually } from '@emailauth/testing/eventually'
import { FULL } from '@emailauth/testing/full-form'
import { startSystem, type TestSystem } from '@emailauth/testing/system'
import stringWidth from 'string-width'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runInTerminal, type TerminalRun } from '../terminal.ts'
import { STEPS, type Step } from './narrow-steps.ts'

/** How long a starved machine may refuse one command. */
const LATE_MS = 60_000

let system: TestSystem
let folder: string
let receiver: Server
/** What commands before have made, by name. */
const made = new Map<string, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-narrow-'))
  receiver = createServer((_request, response) => response.end())
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  system = await startSystem({ env: { EMAILAUTH_ALLOW_PRIVATE_WEBHOOKS: 'true' } })
  // The second mail to an address is refused, however slowly the commands go. By default one after 30 s is
  // not.
  const admin = createClient({ url: system.url, apiKey: system.adminKey, timeoutMs: 60_000 })
  const settings = { mailsPerAddress: [{ max: 1, windowSeconds: 3600 }] }
  await eventually(() => admin.updateTenant({ id: 'demo', settings }), LATE_MS)
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

/**
 * Runs a step again that ends with another exit code because the machine is starved: its calls were refused
 * (6), or the doctor found that something does not answer in time.
 */
function run(step: Step, columns: number | undefined): Promise<TerminalRun> {
  return eventually(async () => {
    const done = await runOnce(step, columns)
    const { exitCode, stdout, stderr } = done
    const isLate = exitCode === 6 || (exitCode === 1 && step.args === 'doctor')
    if (isLate && exitCode !== step.exits) throw new Error(`${step.args}: ${exitCode}\n${stdout}${stderr}`)
    return done
  }, LATE_MS)
}

async function runOnce(step: Step, columns: number | undefined): Promise<TerminalRun> {
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
    expect(exitCode, `${step.args}\n${stdout}${stderr}`).toBe(step.exits ?? 0)
    expect([step.args, tooWide(stderr, 40)]).toEqual([step.args, []])
    if (!RAW.test(step.args)) expect([step.args, tooWide(stdout, 40)]).toEqual([step.args, []])
    // Nothing is cut, so that addresses and ids are whole.
    expect(stdout + stderr, step.args).not.toMatch(/[a-z0-9]…/i)
    // The list that is drawn again and again moves the cursor.
    if (!step.args.includes('--watch')) expect(stdout + stderr, step.args).not.toContain(ESCAPE)
  }
}, 600_000)

test.each([0, undefined])(
  'a terminal of %s columns counts as 80',
  async (columns) => {
    const steps = STEPS.filter(({ until }) => until === undefined)
    // Once read, both widths go one way: the short form tries a few steps with one of them.
    for (const step of columns === 0 && !FULL ? steps.slice(0, 12) : steps) {
      const { stdout, stderr } = await run(step, columns)
      expect([step.args, tooWide(stderr, 80)]).toEqual([step.args, []])
      if (!RAW.test(step.args)) expect([step.args, tooWide(stdout, 80)]).toEqual([step.args, []])
      expect(stdout + stderr, step.args).not.toContain(ESCAPE)
    }
  },
  600_000,
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
    // up and serve run for good; what they print is tested beside them.
    if (!isLeaf || ['up', 'serve'].includes(names.join(' '))) continue
    const line = names.join(' ')
    expect(
      STEPS.some(({ args }) => `${args} `.startsWith(`${line} `)),
      `${line} is tried`,
    ).toBe(true)
  }
})
