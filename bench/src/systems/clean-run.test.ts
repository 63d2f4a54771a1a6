import { EventEmitter } from 'node:events'
import { startRedis } from '@emailauth/testing/redis'
import { expect, test } from 'vitest'
import { cleanUpAfterFaults } from './clean-run.ts'
import { createCleanup } from './cleanup.ts'

test('an exception that nobody caught ends the run, and the Redis that it has started first', async () => {
  const cleanup = createCleanup()
  const redis = cleanup.keep(await startRedis(), (started) => started.stop())
  const process = new EventEmitter()
  const exited = new Promise<{ code: number; hasRedis: boolean }>((resolve) =>
    cleanUpAfterFaults(cleanup, {
      on: (event, listener) => process.on(event, listener),
      exit: (code) => resolve({ code, hasRedis: isRunning(redis.pid) }),
    }),
  )
  process.emit('uncaughtException', new Error('This line is of a test.'))
  expect(await exited).toEqual({ code: 1, hasRedis: false })
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
