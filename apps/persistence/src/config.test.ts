import { expect, test } from 'vitest'
import { persistenceEnvironment } from './config.ts'

test('a change can be made to wait for 10 replicas at most', () => {
  const { EMAILAUTH_REDIS_REPLICAS: replicas } = persistenceEnvironment
  expect(replicas.parse('10')).toBe(10)
  expect(() => replicas.parse('11')).toThrow('must be a whole number of replicas, 0 to 10')
})
