import { expect, test } from 'vitest'
import { ConfigError, portVariable, readEnvironment, sharedEnvironment } from './config.ts'

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
  expect(env.EMAILAUTH_SECRET_KEYS.keys).toHaveLength(2)
})

test('all faults are told at once, and no secret among them', () => {
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
