import { expect, test } from 'vitest'
import { onInterrupt, SAME_REQUEST_MS } from './interrupt.ts'

test('a signal that is passed on twice counts once; a later one counts', () => {
  expect(SAME_REQUEST_MS).toBe(500)
  let now = 0
  const calls: string[] = []
  const dispose = onInterrupt(
    () => calls.push('first'),
    () => calls.push('again'),
    () => now,
  )
  try {
    process.emit('SIGTERM')
    now = SAME_REQUEST_MS - 1
    process.emit('SIGTERM')
    expect(calls).toEqual(['first'])
    now = SAME_REQUEST_MS
    process.emit('SIGINT')
    expect(calls).toEqual(['first', 'again'])
  } finally {
    dispose()
  }
})
