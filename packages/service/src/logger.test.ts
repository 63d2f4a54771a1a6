import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { loggerOptions } from './logger.ts'

test('secrets are redacted wherever they stand; the rest is one JSON line with service and time', () => {
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const secret = 'planted-secret'
  const logger = pino(loggerOptions('gateway', 'info'), sink)
  logger.info({ number: secret, a: { token: secret, b: { email: secret, c: { apiKey: secret } } } }, 'said')
  expect(lines).toHaveLength(1)
  expect(lines[0]).not.toContain(secret)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', service: 'gateway', msg: 'said' })
})
