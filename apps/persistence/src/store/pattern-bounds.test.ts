import { DEADLINE_HEADER } from '@emailauth/rpc/deadline'
import { expect, test } from 'vitest'
import { parseIdentityId, toIdentityId } from './identity-id.ts'
import { MEMBER_BYTES } from './identity-record.ts'
import { deadlineOf } from './store-time.routes.ts'

// The longest text that a pattern takes, its length written out. One character more is refused.

const digits = (length: number) => '1'.repeat(length)

test('the tenant in an id has at most 40 characters', () => {
  const ids = { partitions: 1, partitionKey: Buffer.alloc(32) }
  const idOf = (length: number) =>
    toIdentityId(ids, { tenantId: 'a'.repeat(length), partition: 0, member: Buffer.alloc(MEMBER_BYTES) })
  expect(parseIdentityId(ids, idOf(40))?.tenantId).toBe('a'.repeat(40))
  expect(parseIdentityId(ids, idOf(41))).toBeUndefined()
})

test('a deadline has at most 15 digits', () => {
  const read = (given: string) => deadlineOf({ headers: { [DEADLINE_HEADER]: given } })
  expect(read(digits(15))).toBe(111_111_111_111_111)
  expect(() => read(digits(16))).toThrow()
})
