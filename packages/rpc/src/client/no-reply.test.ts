import { expect, test } from 'vitest'
import { noReplyWithin } from './no-reply.ts'

test('what was left of the time is said in whole milliseconds', () => {
  expect(noReplyWithin(758.527_615_000_028_2).message).toBe('no reply within 759 ms')
})
