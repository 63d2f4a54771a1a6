import { expect, test } from 'vitest'
import { persistenceEnvironment } from './config.ts'

test('a change can be made to wait for 10 replicas at most', () => {
  const { EMAILAUTH_REDIS_REPLICAS: replicas } = persistenceEnvironment
  expect(replicas.parse('10')).toBe(10)
  expect(() => replicas.parse('11')).toThrow('must be a whole number of replicas, 0 to 10')
})

test.each([
  ['http://h', 'must begin with redis://'],
  ['redis://h:637x9', 'with a number as its port'],
  ['redis://h/abc', 'database of a Redis URL is a number'],
  ['redis://u:%zz@h', 'write % as %25'],
])('the Redis URL %s is a wrong setting, found before anything connects', (url, sentence) => {
  const { error } = persistenceEnvironment.EMAILAUTH_REDIS_URL.safeParse(url)
  expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(sentence)])
})
