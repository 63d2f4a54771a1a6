import { expect, test, vi } from 'vitest'
import { COUNTED_LENGTH, createDocumentBudgets, TENANTS_RATE } from './document-budgets.ts'

const tenant = (tenantId: string) => ({ scope: 'tenant', tenantId, apiKeyId: 'k' }) as const

/** Budgets by a clock that stands still, and how many documents of a length the tenant may have. */
function budgetsAt(clock: { nowMs: number }) {
  const refused = vi.fn<() => void>()
  const budgets = createDocumentBudgets({ refused, now: () => clock.nowMs })
  const mayHave = (length: number) => {
    let documents = 0
    while (budgets.take(tenant('one'), 'x'.repeat(length)) === 0) documents++
    return documents
  }
  return { budgets, refused, mayHave }
}

test('a tenant has 100 new documents at once and 25 a second; others and admins go on', () => {
  expect(TENANTS_RATE).toEqual({ saved: 100, perSecond: 25 })
  const clock = { nowMs: 0 }
  const { budgets, refused, mayHave } = budgetsAt(clock)
  expect(mayHave(COUNTED_LENGTH - 1)).toBe(100)
  expect(refused.mock.calls).toEqual([['tenant']])
  expect(budgets.take(tenant('one'), '')).toBe(1)
  expect(budgets.take(tenant('other'), '')).toBe(0)
  expect(budgets.take({ scope: 'admin', apiKeyId: 'k' }, '')).toBe(0)
  expect(budgets.take(undefined, '')).toBe(0)
  clock.nowMs += 1000
  expect(mayHave(1)).toBe(25)
  clock.nowMs += 3_600_000
  expect(mayHave(1)).toBe(100)
})

test('a long document counts as several: one of 2 KiB as two, one of 64 KiB as 33', () => {
  expect(COUNTED_LENGTH).toBe(2048)
  const clock = { nowMs: 0 }
  const { budgets, mayHave } = budgetsAt(clock)
  expect(mayHave(2048)).toBe(50)
  expect(budgets.take(tenant('one'), 'x'.repeat(65_536))).toBe(2)
  clock.nowMs += 4000
  expect(mayHave(65_536)).toBe(3)
  expect(mayHave(1)).toBe(1)
})
