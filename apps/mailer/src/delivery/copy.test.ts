import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { aMessage } from '../../test/running-mailer.ts'
import { Copy } from './copy.ts'

let answers: (boolean | 'down')[]
let asked: number
let kept: number
let copy: Copy
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  answers = []
  asked = 0
  kept = 0
  const store = {
    async keep() {
      asked++
      const answer = answers.shift() ?? true
      if (answer === 'down') throw new Error('Connection is closed.')
      return answer
    },
  }
  copy = new Copy(store, aMessage(), undefined)
})
afterEach(() => void vi.useRealTimers())
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

test('a message is kept once, when it is wanted and claimed, and all who wait are told', async () => {
  copy.want(() => kept++)
  await settle()
  expect(asked).toBe(0)
  copy.claimed()
  copy.want(() => kept++)
  await settle()
  copy.claimed()
  copy.want(() => kept++)
  copy.want()
  expect({ asked, kept }).toEqual({ asked: 1, kept: 3 })
})

test('while Redis is gone it is tried again, and nobody is told', async () => {
  answers = ['down', 'down']
  copy.claimed()
  copy.want(() => kept++)
  await settle(150)
  expect({ asked, kept }).toEqual({ asked: 2, kept: 0 })
  await settle(100)
  expect({ asked, kept }).toEqual({ asked: 3, kept: 1 })
})

test('nobody is told of a message that is over here or elsewhere', async () => {
  answers = [false]
  copy.claimed()
  copy.want(() => kept++)
  await settle()
  expect({ asked, kept }).toEqual({ asked: 1, kept: 0 })
  const other = new Copy({ keep: () => Promise.reject(new Error('gone')) }, aMessage(), undefined)
  other.claimed()
  other.want(() => kept++)
  await settle()
  other.over()
  await settle(1000)
  expect(kept).toBe(0)
})
