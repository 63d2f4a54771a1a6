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
