import { expect, test } from 'vitest'
import { createScanBudget } from './scan-budget.ts'

test('a search makes 250 calls in a row, and as many again when somebody asks for more', () => {
  const budget = createScanBudget()
  for (const _ of [1, 2]) {
    let calls = 0
    while (calls < 10_000 && budget.take()) calls++
    expect(calls).toBe(250)
    budget.renew()
  }
})
