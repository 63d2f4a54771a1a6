import { expect, test } from 'vitest'
import { createLogRefusals } from './log-refusals.ts'

test('each class of refusal of a relay is one line a minute, with the count since the last one', () => {
  const clock = { ms: 0 }
  const lines: object[] = []
  const onTried = createLogRefusals(
    { warn: (fields: object) => void lines.push(fields) } as never,
    () => clock.ms,
  )
  const refuse = (host: string, refusal: 'blocked' | 'policy') =>
    onTried(
      { host, port: 25 } as never,
      { refusal, reply: '554 no' } as never,
      { to: 'ada@example.com' } as never,
    )
  refuse('one.example', 'blocked')
  refuse('one.example', 'blocked')
  refuse('one.example', 'policy')
  refuse('two.example', 'blocked')
  expect(lines).toHaveLength(3)
  clock.ms = 59_999
  refuse('one.example', 'blocked')
  expect(lines).toHaveLength(3)
  clock.ms = 60_000
  refuse('one.example', 'blocked')
  expect(lines.at(-1)).toMatchObject({ class: 'blocked', moreSinceLastLine: 2 })
})

test('1,000 relays and classes are remembered; one more, and all are forgotten', () => {
  let lines = 0
  const onTried = createLogRefusals({ warn: () => void lines++ } as never, () => 0)
  const refuse = (relay: number) =>
    onTried(
      { host: `r${relay}.example`, port: 25 } as never,
      { refusal: 'blocked', reply: '554 no' } as never,
      { to: 'ada@example.com' } as never,
    )
  for (let relay = 0; relay < 1000; relay++) refuse(relay)
  refuse(0)
  expect(lines).toBe(1000)
  refuse(1000)
  refuse(0)
  expect(lines).toBe(1002)
})
