import { expect, test } from 'vitest'
import { digestOf, stateKeyOf } from './message-name.ts'

test('the key of a state is what mailers of other versions look for: 22 characters of the digest', () => {
  const identityId = 'demo.AGhV3kq1x0oJ2mN7bQd5t1w'
  const key = stateKeyOf(identityId)
  expect(key).toHaveLength(22)
  expect(digestOf({ identityId, messageId: identityId }).startsWith(key)).toBe(true)
})
