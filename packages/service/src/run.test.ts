import { expect, onTestFinished, test, vi } from 'vitest'
import { ConfigError } from './config.ts'
import type { Logger } from './logger.ts'
import { exitOfFailedStart, run } from './run.ts'

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

test.each(['uncaughtException', 'unhandledRejection'])(
  'an %s ends up in the log, where secrets are redacted, not on stderr as Node prints it',
  async (event) => {
    const handlers = new Map<string | symbol, (error: unknown) => void>()
    for (const method of ['on', 'once'] as const)
      vi.spyOn(process, method).mockImplementation((name, handler) => {
        handlers.set(name, handler)
        return process
      })
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
    onTestFinished(() => void vi.restoreAllMocks())
    const fatal = vi.fn()
    const logger = { fatal } as unknown as Logger
    await run(async () => ({ logger, drainSeconds: 0, drain: () => {}, close: async () => {} }))
    const err = Object.assign(new Error('refused'), { command: { name: 'auth', args: ['secret'] } })
    handlers.get(event)?.(err)
    expect(fatal).toHaveBeenCalledExactlyOnceWith({ err }, expect.any(String))
    expect(exit).toHaveBeenCalledExactlyOnceWith(1)
  },
)
