import { expect, test } from 'vitest'
import { thousands } from './thousands.ts'

test.each([0, 7, 999, 1000, 86_400, 2_592_000, -4096, -999, 12_345_678_901_234n])(
  '%s is written as toLocaleString writes it',
  (amount) => {
    expect(thousands(amount)).toBe(amount.toLocaleString('en'))
  },
)
