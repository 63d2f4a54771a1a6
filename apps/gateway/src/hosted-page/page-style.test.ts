import { expect, test } from 'vitest'
import { timerStyle } from './page-style.ts'

test('a wait of up to two minutes is counted down, a longer one is not, and none has no timer', () => {
  expect(timerStyle(120)).toContain('animation:left 120s linear')
  expect(timerStyle(121)).toContain('.resend button{animation:come 0s 121s both}')
  expect(timerStyle(121)).not.toContain('animation:left')
  expect(timerStyle(0)).toBe('')
})
