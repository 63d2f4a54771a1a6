import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { runProgram } from '../program.ts'

// The bounds of options, each number written out. All of them are read before anything is asked of a server.

/** What the program prints, to people and to programs, and its exit code. */
async function run(args: readonly string[], env = {}) {
  const [printed, errors]: [string[], string[]] = [[], []]
  const exitCode = await runProgram(args, {
    env,
    folder: '/nowhere',
    root: '/nowhere',
    stdin: new PassThrough(),
    stdout: { write: (text) => printed.push(text) },
    stderr: { write: (text) => errors.push(text) },
  })
  return { exitCode, printed: printed.join(''), said: errors.join('') }
}
const refusalOf = (...args: string[]) => run(args)

test.each([
  [80, {}],
  [90, { COLUMNS: '90' }],
  [100, { COLUMNS: '400' }],
])('lines of the help have at most %i characters with %j', async (width, env) => {
  const { printed } = await run(['tenants', 'update', '--help'], env)
  const longest = Math.max(...printed.split('\n').map(({ length }) => length))
  expect(longest).toBeLessThanOrEqual(width)
  expect(longest).toBeGreaterThan(width - 20)
})

test.each<[command: string, option: string, least: number, most: number]>([
  ['inbox', '--wait', 1, 3600],
  ['keys create', '--days', 1, 3650],
  ['keys rotate', '--overlap', 0, 2_592_000],
  ['register', '--expires-in', 1, 999_999_999],
  ['tenants update demo', '--ttl', 1, 86_400],
  ['tenants update demo', '--if-version', 1, 2_147_483_647],
  ['tenants update demo', '--bound-digits', 6, 12],
  ['tenants update demo', '--bound-tries', 1, 10],
  ['tenants update demo', '--miss-budget', 10, 100_000],
  ['up', '--processes', 1, 64],
  ['webhooks rotate-secret demo.wh_7k2m9q4t1x0c5v8b', '--overlap', 0, 2_592_000],
])('%s %s is from %i to %i', async (command, option, least, most) => {
  const { exitCode, said } = await refusalOf(...command.split(' '), option, String(most + 1))
  expect(exitCode).toBe(64)
  expect(said).toContain(`It must be a whole number from ${least} to ${most}.`)
})

const digits = (length: number) => '1'.repeat(length)
const label = (length: number) => 'a'.repeat(length)
/** A domain of this length whose labels are short enough. */
const domain = (length: number) => `${`${label(60)}.`.repeat(5).slice(0, length - 3)}.aa`
const dkim = (name: string, selector = 's1') => [
  'dkim',
  'create',
  '--out',
  'x/y.pem',
  '--algorithm',
  'ed25519',
  '--domain',
  name,
  '--selector',
  selector,
]
const replay = (span: string) => ['webhooks', 'replay', 'demo.wh_7k2m9q4t1x0c5v8b', '--failed-since', span]

test.each<[what: string, most: number, refusal: string, args: (length: number) => string[]]>([
  ['a span of statistics', 4, 'Such as 90m', (n) => ['statistics', '--since', `${digits(n)}m`]],
  ['the age of events', 5, 'It must be such as 90m', (n) => replay(`${digits(n)}m`)],
  ['the domain of a DKIM key', 253, '--domain must be a domain', (n) => dkim(domain(n))],
  ['a label of it', 63, '--domain must be a domain', (n) => dkim(`${label(n)}.example`)],
  ['its last label', 63, '--domain must be a domain', (n) => dkim(`mail.${label(n)}`)],
  ['the selector of a DKIM key', 63, '--selector must be', (n) => dkim('acme.example', label(n))],
])('%s has at most %i characters', async (_what, most, refusal, args) => {
  expect((await refusalOf(...args(most))).said).not.toContain(refusal)
  expect((await refusalOf(...args(most + 1))).said).toContain(refusal)
})
