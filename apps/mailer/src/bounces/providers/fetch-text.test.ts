import { expect, test, vi } from 'vitest'
import { fetchText } from './fetch-text.ts'

const answered = (length: number) =>
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('x'.repeat(length)))

test('a text of 64 KiB is read within 5 s, a longer one is refused', async () => {
  const timeout = vi.spyOn(AbortSignal, 'timeout')
  answered(65_536)
  expect(await fetchText('https://keys.example/')).toHaveLength(65_536)
  expect(timeout.mock.calls).toEqual([[5000]])
  answered(65_537)
  await expect(fetchText('https://keys.example/')).rejects.toThrow('too long')
})
