import { afterEach, expect, test, vi } from 'vitest'
import { endWithNpx, isRunByNpx } from './end-with-npx.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('it ends within half a second after npx, and not before', () => {
  vi.useFakeTimers()
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
  const parent = vi.spyOn(process, 'ppid', 'get').mockReturnValue(2)
  endWithNpx({ npm_command: 'exec', npm_lifecycle_script: 'emailauth' })
  vi.advanceTimersByTime(10_000)
  expect(kill).not.toHaveBeenCalled()
  parent.mockReturnValue(1)
  vi.advanceTimersByTime(500)
  expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGTERM')
  vi.advanceTimersByTime(10_000)
  expect(kill).toHaveBeenCalledOnce()
})

test.each(['emailauth', "'emailauth'", '"emailauth"', 'emailauth listen --forward-to http://localhost'])(
  'npx runs %s, so it ends with npx',
  (npm_lifecycle_script) => {
    expect(isRunByNpx({ npm_command: 'exec', npm_lifecycle_script })).toBe(true)
    expect(isRunByNpx({ npm_command: 'run-script', npm_lifecycle_script })).toBe(false)
  },
)

test.each(['another-tool', "'emailauth-setup'", 'sh -c emailauth', undefined])(
  'npx runs %s, which may leave a command in the background',
  (npm_lifecycle_script) => {
    expect(isRunByNpx({ npm_command: 'exec', npm_lifecycle_script })).toBe(false)
  },
)
