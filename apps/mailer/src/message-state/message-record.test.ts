import { seal } from '@emailauth/secrets/seal'
import { expect, test } from 'vitest'
import { keyRing } from '../../test/running-mailer.ts'
import { type MessageRecord, sealRecord, unsealRecord } from './message-record.ts'

const sealed = (values: readonly unknown[]) =>
  seal(keyRing, { purpose: 'message', additionalData: 'message key id' }, JSON.stringify(values))

test('a record that begins with its state is of the first format; one of a newer format is refused', () => {
  const values = ['sent', 1, 1000, '250 OK', null]
  expect(unsealRecord(keyRing, 'key', 'id', sealed(values))).toMatchObject({ state: 'sent', attempts: 1 })
  expect(() => unsealRecord(keyRing, 'key', 'id', sealed([2, ...values]))).toThrow(
    'A stored state of a mail has format 2',
  )
})

const REPLY = '250 2.0.0 OK: queued as 4bXyZ'
const ended: MessageRecord = {
  ...{ state: 'sent', attempts: 1, updatedAtMs: 1000, reply: REPLY },
  ...{ relay: 'smtp.example:25', providerId: '4bXyZ', nextAttemptAtMs: null },
}

test.each<[string, Partial<MessageRecord>]>([
  ['as a relay took it', {}],
  ['with an id that is not in its reply', { providerId: 'elsewhere' }],
  ['with an id and no reply', { reply: null }],
  ['with nothing known', { reply: null, relay: null, providerId: null }],
  ['that waits', { state: 'deferred', providerId: null, nextAttemptAtMs: 2000 }],
  ['without an answer', { state: 'deferred', reply: null, nextAttemptAtMs: 2000, isUnanswered: true }],
])('a record is read as it was written: %s', (_how, changes) => {
  const record = { ...ended, ...changes }
  expect(unsealRecord(keyRing, 'key', 'id', sealRecord(keyRing, 'key', 'id', record))).toEqual(record)
})
