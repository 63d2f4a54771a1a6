import { expect, test } from 'vitest'
import { createDocumentBudgets, TENANTS_RATE } from './document-budgets.ts'

const tenant = (tenantId: string) => ({ scope: 'tenant', tenantId, apiKeyId: 'k' }) as const

test('a tenant has 100 new documents at once and 25 a second; others and admins go on', () => {
  expect(TENANTS_RATE).toEqual({ saved: 100, perSecond: 25 })
  let nowMs = 0
  const budgets = createDocumentBudgets(() => nowMs)
  const one = tenant('one')
  const mayHave = () => {
    let documents = 0
    for (; budgets.secondsToWait(one) === 0; documents++) budgets.spend(one)
    return documents
  }
  expect(mayHave()).toBe(100)
  expect(budgets.secondsToWait(one)).toBe(1)
  expect(budgets.secondsToWait(tenant('other'))).toBe(0)
  expect(budgets.secondsToWait({ scope: 'admin', apiKeyId: 'k' })).toBe(0)
  expect(budgets.secondsToWait(undefined)).toBe(0)
  nowMs += 1000
  expect(mayHave()).toBe(25)
  nowMs += 3_600_000
  expect(mayHave()).toBe(100)
})

test('what calls that came together have spent too much is made up for', () => {
  let nowMs = 0
  const budgets = createDocumentBudgets(() => nowMs)
  for (let at = 0; at < 175; at++) budgets.spend(tenant('one'))
  // 75 are owed, and the next one has to be there too.
  expect(budgets.secondsToWait(tenant('one'))).toBe(4)
  nowMs += 3040
  expect(budgets.secondsToWait(tenant('one'))).toBe(0)
})
