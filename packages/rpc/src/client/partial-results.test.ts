import { expect, test } from 'vitest'
import { partialResults } from './partial-results.ts'

test('each result is there when it is told, in whatever order', async () => {
  let tell: (index: number, result: string) => void = () => {}
  let end = () => {}
  const coming = partialResults<string>(3, (told) => {
    tell = told
    return new Promise((over) => {
      end = over
    })
  })
  tell(2, 'c')
  expect(await coming[2]?.result).toBe('c')
  tell(0, 'a')
  expect(await coming[0]?.result).toBe('a')
  tell(0, 'again')
  tell(7, 'nobody asked')
  end()
  await expect(coming[1]?.result).rejects.toThrow('did not answer every call')
  expect(await coming[0]?.result).toBe('a')
})

test('a fault is that of all whose result has not come', async () => {
  const coming = partialResults<string>(2, async (told) => {
    told(1, 'b')
    throw new Error('gone')
  })
  expect(await coming[1]?.result).toBe('b')
  await expect(coming[0]?.result).rejects.toThrow('gone')
})
