import { expect, onTestFinished, test, vi } from 'vitest'
import { ConfigError } from './config.ts'
import { exitOfFailedStart } from './run.ts'

/** The status with which a service ends whose start fails so, and what it says. */
function endOf(error: unknown) {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
  onTestFinished(() => void vi.restoreAllMocks())
  exitOfFailedStart(error)
  return [exit.mock.lastCall?.[0], said.mock.lastCall?.[0]]
}

test('a service whose settings are wrong ends with EX_CONFIG, on which no service manager starts it again', () => {
  expect(endOf(new ConfigError('EMAILAUTH_REDIS_URL: is missing'))).toEqual([
    78,
    'The environment is not fit to start with:\nEMAILAUTH_REDIS_URL: is missing\n',
  ])
  const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' })
  expect(endOf(taken)).toEqual([1, 'The port is taken by another program (listen EADDRINUSE).\n'])
})
