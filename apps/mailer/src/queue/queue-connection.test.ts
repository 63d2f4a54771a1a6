import type { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { connectForQueue } from './queue-connection.ts'

test.each([
  ['redis://127.0.0.1:1', 2000],
  ['redis+sentinel://127.0.0.1:1/main', 1000],
])('a host behind %s that takes no connection is given up after %i ms', (url, connectTimeout) => {
  const redis = connectForQueue(url, { maxRetriesPerRequest: null, socketTimeout: 3000 }, () => {})
  onTestFinished(() => redis.disconnect())
  expect((redis as Redis).options).toMatchObject({ connectTimeout })
})
