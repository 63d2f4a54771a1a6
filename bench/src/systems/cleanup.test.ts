import { expect, test } from 'vitest'
import { createCleanup } from './cleanup.ts'

test('what was started last is stopped first, and once', async () => {
  const stopped: string[] = []
  const cleanup = createCleanup()
  for (const name of ['a', 'b', 'c']) cleanup.keep(name, (thing) => stopped.push(thing))
  await Promise.all([cleanup.run(), cleanup.run()])
  await cleanup.run()
  expect(stopped).toEqual(['c', 'b', 'a'])
})

test('one that fails to stop keeps none of the others alive', async () => {
  const stopped: string[] = []
  const cleanup = createCleanup()
  cleanup.keep('a', (thing) => stopped.push(thing))
  cleanup.keep('b', () => Promise.reject(new Error('stuck')))
  await cleanup.run()
  expect(stopped).toEqual(['a'])
})

test('what is started while the run ends is stopped too', async () => {
  const stopped: string[] = []
  const cleanup = createCleanup()
  cleanup.keep('a', async () => {
    expect(() => cleanup.keep('late', (thing) => stopped.push(thing))).toThrow('ending')
    stopped.push('a')
  })
  await cleanup.run()
  expect(stopped).toEqual(['a', 'late'])
})
