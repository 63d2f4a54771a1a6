import { expect, test } from 'vitest'
import { createRowActor } from './row-acts.ts'

/** An act that ends when it is told to. */
function pending() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}

test('rows are busy each for itself', async () => {
  const { state, run } = createRowActor()
  const [first, second] = [pending(), pending()]
  const runs = [run('a', () => first.promise), run('b', () => second.promise)]
  expect([...state.get().busy]).toEqual(['a', 'b'])
  first.resolve()
  await runs[0]
  expect([...state.get().busy]).toEqual(['b'])
  second.resolve()
  await runs[1]
  expect(state.get().busy.size).toBe(0)
})

test('what was pressed last is what is said, in whichever order the replies come', async () => {
  const { state, run } = createRowActor()
  const acts = { a: pending(), b: pending(), c: pending() }
  const runs = {
    a: run('a', () => acts.a.promise),
    b: run('b', () => acts.b.promise),
    c: run('c', () => acts.c.promise),
  }
  for (const [id, said] of [
    ['b', 'b'],
    ['c', 'c'],
    ['a', 'c'],
  ] as const) {
    acts[id].resolve()
    await runs[id]
    expect(state.get().done, `after the reply for ${id}`).toBe(said)
  }
  const again = pending()
  const running = run('d', () => again.promise)
  expect(state.get().done).toBeUndefined()
  again.resolve()
  await running
  expect(state.get().done).toBe('d')
})

test('a failure stays while other rows succeed, until its row is tried again', async () => {
  const { state, run } = createRowActor()
  const second = pending()
  const running = run('b', () => second.promise)
  await run('a', () => Promise.reject(new Error('no')))
  second.resolve()
  await running
  expect([...state.get().failures.keys()]).toEqual(['a'])
  expect(state.get()).toMatchObject({ done: 'b' })
  await run('a', async () => {})
  expect(state.get().failures.size).toBe(0)
  expect(state.get().done).toBe('a')
})

test('a row whose act is under way is not acted on again', async () => {
  const { state, run } = createRowActor()
  const first = pending()
  const running = run('a', () => first.promise)
  let count = 0
  await run('a', async () => void count++)
  expect(count).toBe(0)
  expect([...state.get().busy]).toEqual(['a'])
  first.resolve()
  await running
  await run('a', async () => void count++)
  expect(count).toBe(1)
})
