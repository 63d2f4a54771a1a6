import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { loggerOptions } from './logger.ts'

function writtenLines() {
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { lines, logger: pino(loggerOptions('gateway', 'info'), sink) }
}
const secret = 'planted-secret'

test('secrets are redacted wherever they stand; the rest is one JSON line with service and time', () => {
  const { lines, logger } = writtenLines()
  logger.info({ number: secret, a: { token: secret, b: { email: secret, c: { apiKey: secret } } } }, 'said')
  expect(lines).toHaveLength(1)
  expect(lines[0]).not.toContain(secret)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', service: 'gateway', msg: 'said' })
})

test('of a command that Redis refused its name is logged, and not what it was called with', () => {
  const { lines, logger } = writtenLines()
  const command = { name: 'auth', args: ['default', secret] }
  const refused = Object.assign(new Error('WRONGPASS'), { command })
  const ofACluster = Object.assign(new Error('no node'), { lastNodeError: refused })
  const ofATransaction = Object.assign(new Error('EXECABORT'), { previousErrors: [refused] })
  for (const error of [refused, ofACluster, ofATransaction, new AggregateError([refused])]) {
    logger.warn({ err: error }, 'refused')
    logger.warn({ error }, 'refused')
  }
  expect(lines).toHaveLength(8)
  expect(lines.join('')).not.toContain(secret)
  expect(JSON.parse(lines[0] ?? '').err).toMatchObject({
    message: 'WRONGPASS',
    command: { name: 'auth', args: '[redacted]' },
  })
  expect(command.args, 'the error itself stays').toEqual(['default', secret])
})

test('nor are the arguments that Redis repeats in its reply; what is thrown and no error is logged as it is', () => {
  const { lines, logger } = writtenLines()
  const reply = `ERR unknown command \`auth\`, with args beginning with: \`${secret}\`, `
  logger.warn({ err: new Error('no Redis', { cause: new Error(reply) }) }, 'refused')
  for (const err of ['text', undefined, null, { code: 5 }]) logger.warn({ err }, 'refused')
  expect(lines.join('')).not.toContain(secret)
  expect(JSON.parse(lines[0] ?? '').err).toMatchObject({
    type: 'Error',
    message: 'no Redis: ERR unknown command `auth`',
    stack: expect.stringContaining('logger.test.ts'),
  })
  expect(lines.slice(1).map((line) => JSON.parse(line).err)).toEqual(['text', undefined, null, { code: 5 }])
})
