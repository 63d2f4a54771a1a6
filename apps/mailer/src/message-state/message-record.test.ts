import { sealSalted } from '@emailauth/secrets/seal'
import { expect, test } from 'vitest'
import { keyRing } from '../../test/running-mailer.ts'
import { digestOf } from './message-name.ts'
import { type MessageRecord, sealRecord, unsealRecord } from './message-record.ts'

const NAME = { identityId: 'demo.1', messageId: 'id' }
const sealed = (values: readonly unknown[]) => {
  const salt = Buffer.from(digestOf(NAME), 'base64url').subarray(0, 16)
  const context = { purpose: 'message', additionalData: 'message demo.1 id' } as const
  return sealSalted(keyRing, context, salt, Buffer.from(JSON.stringify(values)))
}

test('a record that begins with its state is of the first format; one of a newer format is refused', () => {
  const values = ['s', 1, 'rs', '250 OK', null]
  expect(unsealRecord(keyRing, NAME, sealed(values))).toMatchObject({ state: 'sent', updatedAtMs: 1000 })
  expect(() => unsealRecord(keyRing, NAME, sealed([2, ...values]))).toThrow(
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
  expect(unsealRecord(keyRing, NAME, sealRecord(keyRing, NAME, record))).toEqual(record)
})
