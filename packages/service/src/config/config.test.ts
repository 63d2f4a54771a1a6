import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, hostVariable, portVariable, readEnvironment, sharedEnvironment } from './config.ts'

const shape = { ...sharedEnvironment, EMAILAUTH_GATEWAY_PORT: portVariable(4000, 'the gateway') }
const good = {
  EMAILAUTH_REDIS_URL: 'redis://127.0.0.1',
  EMAILAUTH_SECRET_KEYS: `${Buffer.alloc(32, 1).toString('base64')}, ${Buffer.alloc(32, 2).toString('base64')}`,
  EMAILAUTH_SERVICE_TOKEN: 'x'.repeat(32),
}

test('a good environment is read whole, with defaults', () => {
  const env = readEnvironment(shape, { ...good, EMAILAUTH_GATEWAY_PORT: '', OTHER: 'x' })
  expect(env.EMAILAUTH_GATEWAY_PORT).toBe(4000)
  expect(env.EMAILAUTH_LOG_LEVEL).toBe('info')
  expect(env.EMAILAUTH_PROCESSES).toBe(1)
  expect(env.EMAILAUTH_SECRET_KEYS.keys).toHaveLength(2)
})

test('there are 64 processes and 65,535 ports at most', () => {
  const read = (more: Record<string, string>) => readEnvironment(shape, { ...good, ...more })
  expect(read({ EMAILAUTH_PROCESSES: '64', EMAILAUTH_GATEWAY_PORT: '65535' })).toMatchObject({
    EMAILAUTH_PROCESSES: 64,
    EMAILAUTH_GATEWAY_PORT: 65_535,
  })
  expect(() => read({ EMAILAUTH_PROCESSES: '65' })).toThrow('EMAILAUTH_PROCESSES: ')
  expect(() => read({ EMAILAUTH_GATEWAY_PORT: '65536' })).toThrow('EMAILAUTH_GATEWAY_PORT: ')
})

test('all faults are reported at once, without secrets', () => {
  const bad = {
    EMAILAUTH_SECRET_KEYS: 'c2hvcnQ=',
    EMAILAUTH_SERVICE_TOKEN: 'tiny-secret',
    EMAILAUTH_GATEWAY_PORT: '99999',
  }
  const read = () => readEnvironment(shape, bad)
  expect(read).toThrow(ConfigError)
  try {
    read()
  } catch (error) {
    const { message } = error as Error
    for (const name of ['REDIS_URL', 'SECRET_KEYS', 'SERVICE_TOKEN', 'GATEWAY_PORT'])
      expect(message).toContain(`EMAILAUTH_${name}: `)
    expect(message).not.toContain('tiny-secret')
    expect(message).not.toContain('c2hvcnQ')
  }
})

test.each(['EMAILAUTH_SERVICE_TOKEN', 'EMAILAUTH_METRICS_TOKEN'] as const)(
  '%s has 32 characters or more',
  (name) => {
    const read = (token: string) => readEnvironment(shape, { ...good, [name]: token })[name]
    expect(read('y'.repeat(32))).toBe('y'.repeat(32))
    expect(() => read('y'.repeat(31))).toThrow(`${name}: must have at least 32 characters`)
  },
)

test('service tokens that are accepted too are a list, each as long as the own one', () => {
  const read = (list?: string) =>
    readEnvironment(shape, { ...good, EMAILAUTH_ACCEPTED_SERVICE_TOKENS: list })
      .EMAILAUTH_ACCEPTED_SERVICE_TOKENS
  expect(read()).toEqual([])
  expect(read(`${'y'.repeat(32)} ,${'z'.repeat(40)},`)).toEqual(['y'.repeat(32), 'z'.repeat(40)])
  const short = 's'.repeat(31)
  expect(() => read(`${'y'.repeat(32)},${short}`)).toThrow('each must have at least 32 characters')
  expect(() => read(short)).not.toThrow(short)
})

test('a secret may lie in a file, and its last line break is not a part of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-secrets-'))
  const file = join(folder, 'token')
  await writeFile(file, `${'y'.repeat(32)}\n`)
  const { EMAILAUTH_SERVICE_TOKEN: _, ...rest } = good
  const read = (more: object) => readEnvironment(shape, { ...rest, ...more })
  expect(read({ EMAILAUTH_SERVICE_TOKEN_FILE: file }).EMAILAUTH_SERVICE_TOKEN).toBe('y'.repeat(32))
  expect(() => read({ EMAILAUTH_SERVICE_TOKEN_FILE: join(folder, 'none') })).toThrow(
    'EMAILAUTH_SERVICE_TOKEN_FILE: ',
  )
  const both = { EMAILAUTH_SERVICE_TOKEN: 'z'.repeat(32), EMAILAUTH_SERVICE_TOKEN_FILE: file }
  expect(() => read(both)).toThrow('only one of them may be')
  await rm(folder, { recursive: true })
})

test('a slip of the fingers stops the start, without its value; what belongs to others does not', () => {
  const read = (more: object) => () => readEnvironment(shape, { ...good, ...more })
  for (const [slip, meant] of [
    ['EMAILAUTH_REDIS_ULR', 'EMAILAUTH_REDIS_URL'],
    ['EMAILAUTH_SECRETS_KEYS', 'EMAILAUTH_SECRET_KEYS'],
    ['EMAILAUTH_SERVICE_TOKN', 'EMAILAUTH_SERVICE_TOKEN'],
    ['EMAILAUTH_SERVICE_TOKEN_FLE', 'EMAILAUTH_SERVICE_TOKEN_FILE'],
    // Words are missing.
    ['EMAILAUTH_REDIS', 'EMAILAUTH_REDIS_URL'],
    ['EMAILAUTH_SMTP', 'EMAILAUTH_SMTP_URL'],
    ['EMAILAUTH_TOKEN', 'EMAILAUTH_SERVICE_TOKEN'],
    ['EMAILAUTH_TLS', 'EMAILAUTH_TLS_CA'],
  ] as const) {
    expect(read({ [slip]: 'hidden' })).toThrow(`${slip}: is not known; did you mean ${meant}?`)
    expect(read({ [slip]: 'hidden' })).not.toThrow('hidden')
  }
  const foreign = {
    EMAILAUTH_HOME: '/x',
    EMAILAUTH_SMTP_PORT: '25',
    EMAILAUTH_E2E_TLS: '1',
    EMAILAUTH_FULL: '1',
  }
  expect(read({ ...foreign, EMAILAUTH_REDIS_ULR: '' })).not.toThrow()
})

test('a Redis URL may be as short as a host has one letter, and none is missing', () => {
  const read = (url: string) => readEnvironment(shape, { ...good, EMAILAUTH_REDIS_URL: url })
  expect(read('redis://r').EMAILAUTH_REDIS_URL).toBe('redis://r')
  expect(() => read('')).toThrow('EMAILAUTH_REDIS_URL: is missing')
})

test.each([
  ['EMAILAUTH_GATEWAY_PORT', ['abc', '80.5', '-1', '65536'], 'must be a whole number, 0 to 65535'],
  ['EMAILAUTH_PROCESSES', ['many', '0', '65'], 'must be a whole number of processes, 1 to 64'],
  ['EMAILAUTH_DRAIN_SECONDS', ['long', '-1', '601'], 'must be a number of seconds, 0 to 600'],
])('%s that is %j %s', (name, values, message) => {
  for (const value of values) {
    const read = () => readEnvironment(shape, { ...good, [name]: value })
    expect(read).toThrow(new ConfigError(`${name}: ${message}`))
  }
})

test.each([
  ['[::1]', '::1'],
  ['::1', '::1'],
  ['0.0.0.0', '0.0.0.0'],
  ['localhost', '127.0.0.1'],
  ['', '127.0.0.1'],
])('EMAILAUTH_HOST=%j listens on %s', (given, expected) => {
  const { EMAILAUTH_HOST } = readEnvironment(
    { EMAILAUTH_HOST: hostVariable('the gateway') },
    { EMAILAUTH_HOST: given },
  )
  expect(EMAILAUTH_HOST).toBe(expected)
})
