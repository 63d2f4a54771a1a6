import { Writable } from 'node:stream'
import Fastify, { LogController } from 'fastify'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { lazyRequestLogger } from './request-logger.ts'

test("a request's lines carry its id; a request that logs nothing makes no logger", async () => {
  const lines: Record<string, unknown>[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  let made = 0
  const logger = pino({ level: 'info', onChild: () => made++ }, sink)
  const app = Fastify({
    loggerInstance: logger,
    childLoggerFactory: lazyRequestLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => 'the-id',
  })
  app.get('/quiet', async () => 'ok')
  app.get('/loud', async ({ log }) => {
    log.warn({ a: 1 }, 'said')
    log.debug('not said')
    log.child({ b: 2 }).info('said below')
    return log.level
  })
  app.get('/silenced', { logLevel: 'silent' }, async ({ log }) => {
    log.error('not said either')
    return 'ok'
  })
  const madeBefore = made
  await app.inject('/quiet')
  expect(made).toBe(madeBefore)
  expect((await app.inject('/loud')).body).toBe('info')
  await app.inject('/silenced')
  expect(lines).toMatchObject([
    { reqId: 'the-id', a: 1, msg: 'said' },
    { reqId: 'the-id', b: 2, msg: 'said below' },
  ])
  expect(lines).toHaveLength(2)
  await app.close()
})
