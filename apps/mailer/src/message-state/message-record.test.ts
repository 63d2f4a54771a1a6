import { sealSalted, unsealSalted } from '@emailauth/secrets/seal'
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

test('records of the first format are read, as versions before wrote them; one of a newer format is refused', () => {
  const values = ['s', 1, 'rs', '250 OK id 7a', 'smtp.example:25', [10, 2]]
  const read = { state: 'sent', attempts: 1, updatedAtMs: 1000, reply: '250 OK id 7a', nextAttemptAtMs: null }
  const expected = { ...read, providerId: '7a', relay: 'smtp.example:25' }
  expect(unsealRecord(keyRing, NAME, sealed(values))).toEqual(expected)
  const unanswered = ['d', 300, 'rs', null, null, 'apart', 2000, true]
  expect(unsealRecord(keyRing, NAME, sealed(unanswered))).toEqual({
    ...{ state: 'deferred', attempts: 300, updatedAtMs: 1000, reply: null, relay: null },
    ...{ providerId: 'apart', nextAttemptAtMs: 2000, isUnanswered: true },
  })
  expect(() => unsealRecord(keyRing, NAME, sealed([2, ...values]))).toThrow(
    'A stored state of a mail has format 2',
  )
})

test('a deferred mail is written as versions before read it', () => {
  const record = { ...ended, state: 'deferred', providerId: null, nextAttemptAtMs: 2000 } as const
  const salt = Buffer.from(digestOf(NAME), 'base64url').subarray(0, 16)
  const context = { purpose: 'message', additionalData: 'message demo.1 id' } as const
  const json = unsealSalted(keyRing, context, salt, sealRecord(keyRing, NAME, record)).toString()
  expect(JSON.parse(json)).toEqual(['d', 1, 'rs', REPLY, 'smtp.example:25', null, 2000])
})

test('a sent mail is 41 bytes besides its reply and its relay', () => {
  expect(sealRecord(keyRing, NAME, ended)).toHaveLength(26 + 13 + 2 + REPLY.length + 'smtp.example:25'.length)
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
  ['with an id far behind in its reply', { reply: `${'x'.repeat(70_000)}4bXyZ` }],
  ['with a long id', { reply: '9'.repeat(300), providerId: '9'.repeat(300) }],
  ['with letters of more than one byte', { reply: '250 añadido como 4bXyZ' }],
  ['after many attempts', { attempts: 40_000 }],
  ['that bounced', { state: 'bounced' }],
  ['that bounced, with an id that is not in its reply', { state: 'bounced', providerId: 'elsewhere' }],
  ['with nothing known', { reply: null, relay: null, providerId: null }],
  ['that waits', { state: 'deferred', providerId: null, nextAttemptAtMs: 2000 }],
  ['without an answer', { state: 'deferred', reply: null, nextAttemptAtMs: 2000, isUnanswered: true }],
])('a record is read as it was written: %s', (_how, changes) => {
  const record = { ...ended, ...changes }
  expect(unsealRecord(keyRing, NAME, sealRecord(keyRing, NAME, record))).toEqual(record)
})
