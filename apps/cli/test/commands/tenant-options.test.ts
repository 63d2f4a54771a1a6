import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cliWith } from '../cli-with.ts'

const SCHEMA = new URL('../../../gateway/schema.graphql', import.meta.url)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-options-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The names of an input's fields in the SDL. */
async function fieldsOf(input: string): Promise<string[]> {
  const sdl = await readFile(SCHEMA, 'utf8')
  const [, body = ''] = new RegExp(`^input ${input} \\{\\n(.*?)^\\}`, 'ms').exec(sdl) ?? []
  return [...body.matchAll(/^ {2}(\w+): /gm)].map(([, name = '']) => name).sort()
}

/** The values of an enum in the SDL. */
async function valuesOf(name: string): Promise<string[]> {
  const sdl = await readFile(SCHEMA, 'utf8')
  const [, body = ''] = new RegExp(`^enum ${name} \\{\\n(.*?)^\\}`, 'ms').exec(sdl) ?? []
  return [...body.matchAll(/^ {2}([A-Z_]+)$/gm)].map(([, value = '']) => value).sort()
}

/** Each option of a setting, with a value for it. */
const optionsWith = (texts: string) => ({
  verification: 'bound',
  ttl: '900',
  locale: 'es',
  'bound-digits': '8',
  'bound-tries': '5',
  'accepted-risk': '1e-6',
  'mails-per-address': '1/30s',
  'registers-per-ip': '30/10m',
  'registers-per-tenant': '1000/1h',
  'misses-per-ip': '20/10m',
  'miss-budget': '1000',
  'test-address': '*@shop.test',
  'return-url': 'https://shop.example.com/back',
  'mail-sender-name': 'Shop',
  'mail-sender-address': 'codes@shop.example.com',
  'mail-reply-to': 'help@shop.example.com',
  'mail-colour': '#1a73e8',
  'mail-logo-url': 'https://shop.example.com/logo.png',
  'mail-link-template': 'https://shop.example.com/verify#{number}',
  'mail-texts': texts,
  'mail-code-in-subject': 'no',
  'mail-header': 'X-PM-Message-Stream: codes',
  'mail-smtp-url': 'smtps://user:password@mail.example.com',
})

test('every setting of a tenant has an option', async () => {
  const texts = join(folder, 'texts.json')
  await writeFile(texts, '[{"language":"es","subject":"{code}"}]')
  const tenant = { id: 'shop', testMode: false, settings: { risk: { arithmetic: '1 / 2' } } }
  const { run, calls } = await cliWith({ updateTenant: { data: tenant } })
  const options = optionsWith(texts)
  const given = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  expect(await run(['tenants', 'update', 'shop', ...given])).toMatchObject({ exitCode: 0 })
  const input = calls[0]?.variables.input as { settings: { mail: object } } | undefined
  const settings = input?.settings ?? { mail: {} }
  expect(Object.keys(settings).sort()).toEqual(await fieldsOf('TenantSettingsInput'))
  expect(Object.keys(settings.mail).sort()).toEqual(await fieldsOf('TenantMailInput'))
  expect(JSON.stringify(settings)).not.toContain('null')
})

test.each([
  [
    'update',
    'updateTenant',
    'smtps://user:secret@mail.example.com:587',
    'Most servers speak STARTTLS at port 587',
  ],
  [
    'create',
    'createTenant',
    'smtp://user:secret@mail.example.com:465',
    'Most servers speak TLS from the first',
  ],
  ['update', 'updateTenant', 'smtps://user:secret@mail.example.com', undefined],
])('tenants %s (%s) with the relay %s says: %s', async (command, field, url, warning) => {
  const tenant = { id: 'shop', testMode: false, settings: { risk: { arithmetic: '1 / 2' } } }
  const { run } = await cliWith({ [field]: { data: tenant } })
  const { stderr, exitCode } = await run(['tenants', command, 'shop', `--mail-smtp-url=${url}`])
  expect(exitCode).toBe(0)
  if (warning === undefined) expect(stderr).not.toContain('servers')
  else expect(stderr.replaceAll(/\s+/g, ' ')).toContain(warning)
  expect(stderr).not.toContain('secret')
})

test('every setting of a tenant can be reset by the name of its option', async () => {
  const tenant = { id: 'shop', testMode: false, settings: { risk: { arithmetic: '1 / 2' } } }
  const { run, calls } = await cliWith({ updateTenant: { data: tenant } })
  const resets = Object.keys(optionsWith('')).map((name) => `--reset=${name}`)
  expect(await run(['tenants', 'update', 'shop', ...resets])).toMatchObject({ exitCode: 0 })
  const input = calls[0]?.variables.input as { reset: string[] }
  expect([...input.reset].sort()).toEqual(await valuesOf('TenantSetting'))
  expect(input).not.toHaveProperty('settings')
  const wrong = await run(['tenants', 'update', 'shop', '--reset', 'colour'])
  expect(wrong).toMatchObject({ exitCode: 64 })
  expect(wrong.stderr).toContain('mail-colour')
})

test.each([
  [['--ttl', '900'], true],
  [['--reset', 'miss-budget'], true],
  [['--mail-colour', '#1a73e8', '--locale', 'es', '--return-url', 'https://shop.example.com/'], false],
  [['--reset', 'mail-texts', '--reset', 'return-url'], false],
  [['--name', 'The shop'], false],
])('the chance of a guess is told when %j may change it', async (given, isTold) => {
  const tenant = { id: 'shop', testMode: false, settings: { risk: { arithmetic: '1 / 2' } } }
  const { run } = await cliWith({ updateTenant: { data: tenant } })
  const { stderr } = await run(['tenants', 'update', 'shop', ...given])
  expect(stderr).toContain('Changed.')
  expect(stderr.includes('1 / 2')).toBe(isTold)
})
