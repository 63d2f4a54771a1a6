import { expect, test } from 'vitest'
import { createAtomically, OVERTAKEN } from './atomically.ts'

test('changes of one id run one after another, those of others beside them', async () => {
  const atomically = createAtomically()
  const steps: string[] = []
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const running = [
    atomically('a', async () => {
      steps.push('a1')
      await released
      steps.push('a1 ends')
    }),
    atomically('a', async () => steps.push('a2')),
    atomically('b', async () => {
      steps.push('b1')
      release()
    }),
  ]
  await Promise.all(running)
  expect(steps).toEqual(['a1', 'b1', 'a1 ends', 'a2'])
})

test('a change that fails does not hold up the next one', async () => {
  const atomically = createAtomically()
  const failed = atomically('a', () => Promise.reject(new Error('down')))
  const next = atomically('a', async () => 'done')
  await expect(failed).rejects.toThrow('down')
  expect(await next).toBe('done')
})

test('an overtaken attempt is made again, a hundred times at most', async () => {
  const atomically = createAtomically()
  let attempts = 0
  const until = (last: number) => async () => (++attempts < last ? OVERTAKEN : attempts)
  expect(await atomically('a', until(100))).toBe(100)
  attempts = 0
  await expect(atomically('a', until(101))).rejects.toMatchObject({
    problem: { code: 'unavailable', retryAfterSeconds: 1 },
  })
})

test('changes that waited 1.5 s for those before them are not made any more', async () => {
  const clock = { ms: 0 }
  const atomically = createAtomically(() => clock.ms)
  const made: string[] = []
  const change = (name: string, takesMs: number) =>
    atomically('a', async () => {
      made.push(name)
      clock.ms += takesMs
    })
  const ended = await Promise.allSettled([change('1', 1500), change('2', 1), change('3', 0), change('4', 0)])
  expect(made).toEqual(['1', '2'])
  expect(ended.slice(2)).toMatchObject([
    { reason: { problem: { code: 'unavailable', retryAfterSeconds: 1 } } },
    { reason: { problem: { code: 'unavailable', retryAfterSeconds: 1 } } },
  ])
})
