import { expect, test, vi } from 'vitest'
import { checkAdminKey } from './check-admin-key.ts'

test('a key of up to 256 visible characters is asked about; another one is unknown at once', async () => {
  const ask = vi.fn(async () => ({ viewer: { scope: 'ADMIN' } }))
  const check = (key: string) => checkAdminKey({ as: () => ({ ask }) } as never, key)
  expect(await check('k'.repeat(256))).toEqual({ outcome: 'admin' })
  expect(ask).toHaveBeenCalledTimes(1)
  for (const key of ['k'.repeat(257), '', 'a key', 'a\nkey', 'clé'])
    expect(await check(key)).toEqual({ outcome: 'unknown-key' })
  expect(ask).toHaveBeenCalledTimes(1)
})
