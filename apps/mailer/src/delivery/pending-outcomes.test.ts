import { skipPauses } from '@emailauth/testing/pauses'
import { expect, test } from 'vitest'
import { aMessage } from '../../test/running-mailer.ts'
import type { MessageRecord } from '../message-state/message-record.ts'
import { createPendingOutcomes } from './pending-outcomes.ts'

const record: MessageRecord = {
  state: 'sent',
  attempts: 1,
  updatedAtMs: 0,
  reply: null,
  nextAttemptAtMs: null,
}

test('while Redis is gone an outcome is recorded again every 50 ms', async () => {
  const pauses = skipPauses({ onlyMs: 50 })
  let tries = 0
  const complete = async () => {
    if (++tries < 4) throw new Error('Connection is closed.')
    return true
  }
  const outcomes = createPendingOutcomes({ complete }, undefined, Date.now)
  expect(await outcomes.record(aMessage(), record, Date.now() + 60_000)).toBe(false)
  expect(outcomes.size).toBe(1)
  await outcomes.stop(2000)
  expect([tries, outcomes.size]).toEqual([4, 0])
  expect(pauses).toEqual([50, 50, 50])
})
