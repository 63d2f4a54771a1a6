import { expect, test } from 'vitest'
import { createTenantDirectory, MOST_TENANTS } from './tenant-directory.ts'

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

test('who waits for a tenant while it changes gets it, and it is read again after that', async () => {
  const answers: ((name: string) => void)[] = []
  const tenant = () => new Promise<never>((answer) => answers.push((name) => answer({ name } as never)))
  const directory = createTenantDirectory({ tenant, tenantSender: tenant })
  const waiting = [directory.find('demo'), directory.find('demo')]
  await Promise.resolve()
  directory.forget('demo')
  answers[0]?.('before')
  expect(await Promise.all(waiting)).toEqual([{ name: 'before' }, { name: 'before' }])
  const after = directory.find('demo')
  await Promise.resolve()
  answers[1]?.('after')
  expect(await after).toEqual({ name: 'after' })
})

test('who waits for a tenant while 5,000 others are asked for gets it', async () => {
  const answers: (() => void)[] = []
  const tenant = (id: string) => new Promise<never>((answer) => answers.push(() => answer({ id } as never)))
  const directory = createTenantDirectory({ tenant, tenantSender: tenant })
  const found = Promise.all(Array.from({ length: MOST_TENANTS + 1 }, (_, at) => directory.find(`t${at}`)))
  await Promise.resolve()
  for (const answer of answers) answer()
  expect((await found)[0]).toEqual({ id: 't0' })
})
