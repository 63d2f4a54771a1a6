import { expect, test } from 'vitest'
import { createTenantDirectory } from './tenant-directory.ts'

test('a tenant is remembered for 5 s, so that a change elsewhere counts after that', async () => {
  // lru-cache takes a time of 0 for none.
  let nowMs = 1
  let reads = 0
  const tenant = async () => ({ name: `of read ${++reads}` }) as never
  const directory = createTenantDirectory({ tenant, tenantSender: tenant }, { now: () => nowMs })
  const nameAfter = async (ms: number) => {
    nowMs += ms
    return (await directory.find('demo'))?.name
  }
  expect(await nameAfter(0)).toBe('of read 1')
  expect(await nameAfter(5000)).toBe('of read 1')
  expect(await nameAfter(1)).toBe('of read 2')
  directory.forget('demo')
  expect(await nameAfter(0)).toBe('of read 3')
})
