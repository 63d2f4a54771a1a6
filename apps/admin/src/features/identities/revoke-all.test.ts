import { expect, test } from 'vitest'
import { revokeAll } from './revoke-all.ts'

const ids = Array.from({ length: 20 }, (_, at) => `id-${at}`)

test('eight are revoked at once, and each once', async () => {
  const asked: string[] = []
  let underWay = 0
  let most = 0
  const result = await revokeAll(ids, async (id) => {
    asked.push(id)
    most = Math.max(most, ++underWay)
    await Promise.resolve()
    underWay--
    return true
  })
  expect(most).toBe(8)
  expect(asked).toEqual(ids)
  expect(result).toEqual({ revoked: 20, gone: 0, failures: [] })
})

test('what is gone and what fails is counted, and the others are revoked', async () => {
  const { revoked, gone, failures } = await revokeAll(ids, async (id) => {
    if (id === 'id-3') throw new TypeError('Failed to fetch')
    return id !== 'id-4'
  })
  expect([revoked, gone, failures.length]).toEqual([18, 1, 1])
})
