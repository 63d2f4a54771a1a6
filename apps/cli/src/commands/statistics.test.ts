import { expect, test } from 'vitest'
import { countersIn } from './statistics.ts'

test('columns come in the order of a life, and those that counted nothing are left out', () => {
  const buckets = [
    {
      counts: [
        { of: 'VERIFIED', count: 1 },
        { of: 'BURNED', count: 0 },
      ],
    },
    {
      counts: [
        { of: 'SENT', count: 2 },
        { of: 'REGISTERED', count: 2 },
      ],
    },
  ] as const
  expect(countersIn(buckets)).toEqual(['REGISTERED', 'SENT', 'VERIFIED'])
})
