import { expect, test } from 'vitest'
import { pendingResults } from './pending-results.ts'

test('each result is there when it arrives, in whatever order', async () => {
  let report: (index: number, result: string) => void = () => {}
  let end = () => {}
  const pending = pendingResults<string>(3, (onResult) => {
    report = onResult
    return new Promise((over) => {
      end = over
    })
  })
  report(2, 'c')
  expect(await pending[2]?.result).toBe('c')
  report(0, 'a')
  expect(await pending[0]?.result).toBe('a')
  report(0, 'again')
  report(7, 'nobody asked')
  end()
  await expect(pending[1]?.result).rejects.toThrow('did not answer every call')
  expect(await pending[0]?.result).toBe('a')
})

test('an error rejects all calls whose result has not arrived', async () => {
  const pending = pendingResults<string>(2, async (onResult) => {
    onResult(1, 'b')
    throw new Error('gone')
  })
  expect(await pending[1]?.result).toBe('b')
  await expect(pending[0]?.result).rejects.toThrow('gone')
})
