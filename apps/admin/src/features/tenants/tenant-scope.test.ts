import { expect, test } from 'vitest'
import { tenantOf } from './tenant-scope.ts'

test('a tenant in the URL has at most 40 characters', () => {
  const read = (tenant: string) => tenantOf(new URLSearchParams({ tenant }))
  expect(read(' demo ')).toBe('demo')
  expect(read('a'.repeat(40))).toBe('a'.repeat(40))
  expect(read('a'.repeat(41))).toBeUndefined()
  expect(read('')).toBeUndefined()
  expect(tenantOf(new URLSearchParams())).toBeUndefined()
})
