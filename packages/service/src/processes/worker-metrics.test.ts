import { Counter, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createTroubleLog } from '../logging/trouble-log.ts'
import { readMetrics } from './joined-metrics.ts'
import { orNone } from './worker-metrics.ts'

test('a process whose metrics cannot be read is left out with a line of the log, and only one', async () => {
  const lines: string[] = []
  const logger = {
    warn: (fields: object) => lines.push(`${'err' in fields ? fields.err : ''}`),
    info: (text: string) => lines.push(text),
  }
  const trouble = createTroubleLog(logger, { trouble: 'not read', over: 'read again' })
  let isBroken = true
  const registry = new Registry()
  new Counter({
    name: 'calls_total',
    help: 'Calls.',
    registers: [registry],
    collect() {
      if (isBroken) throw new Error('no value')
    },
  })
  const read = orNone(() => readMetrics([registry]), trouble)
  expect(await read()).toEqual([])
  expect(await read()).toEqual([])
  expect(lines).toEqual(['Error: no value'])
  isBroken = false
  expect(await read()).toMatchObject([{ name: 'calls_total' }])
  expect(lines).toEqual(['Error: no value', 'read again'])
})
