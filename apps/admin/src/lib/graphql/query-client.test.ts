import { expect, test } from 'vitest'
import { createQueryClient } from './query-client.ts'

test('what a page has read is fresh for a second, and kept for a minute after nobody shows it', () => {
  expect(createQueryClient().getDefaultOptions().queries).toMatchObject({ staleTime: 1000, gcTime: 60_000 })
})
