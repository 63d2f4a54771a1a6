import { seal } from '@emailauth/secrets/seal'
import { expect, test } from 'vitest'
import { keyRing } from '../../test/running-mailer.ts'
import { unsealRecord } from './message-record.ts'

const sealed = (values: readonly unknown[]) =>
  seal(keyRing, { purpose: 'message', additionalData: 'message key id' }, JSON.stringify(values))

test('a record that begins with its state is of the first format; one of a newer format is refused', () => {
  const values = ['sent', 1, 1000, '250 OK', null]
  expect(unsealRecord(keyRing, 'key', 'id', sealed(values))).toMatchObject({ state: 'sent', attempts: 1 })
  expect(() => unsealRecord(keyRing, 'key', 'id', sealed([2, ...values]))).toThrow(
    'A stored state of a mail has format 2',
  )
})
