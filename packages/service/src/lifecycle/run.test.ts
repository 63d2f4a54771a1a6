import { expect, onTestFinished, test, vi } from 'vitest'
import { ConfigError } from '../config/config.ts'
import type { Logger } from '../logging/logger.ts'
import { exitOfFailedStart, run, SHUTDOWN_MS, START_MS_AFTER_SIGNAL } from './run.ts'

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

/** Lets `run` listen, and sends it signals. */
function signals() {
  const listeners = new Map<string | symbol, Set<(signal: unknown) => void>>()
  vi.useFakeTimers()
  vi.spyOn(process, 'on').mockImplementation((name, listener) => {
    listeners.set(name, (listeners.get(name) ?? new Set()).add(listener))
    return process
  })
  vi.spyOn(process, 'off').mockImplementation((name, listener) => {
    listeners.get(name)?.delete(listener)
    return process
  })
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })
  return {
    exit,
    stderr,
    send: (signal: NodeJS.Signals | 'disconnect') => {
      for (const listener of listeners.get(signal) ?? []) listener(signal)
    },
  }
}

test('a start that waits for something ends a second after a signal, or at a second one', async () => {
  expect(START_MS_AFTER_SIGNAL).toBe(1000)
  for (const again of [false, true]) {
    const { exit, stderr, send } = signals()
    void run(() => new Promise(() => {}))
    send('SIGTERM')
    expect(exit).not.toHaveBeenCalled()
    if (again) send('SIGINT')
    else await vi.advanceTimersByTimeAsync(START_MS_AFTER_SIGNAL)
    expect(exit).toHaveBeenCalledExactlyOnceWith(0)
    expect(stderr).toHaveBeenCalledExactlyOnceWith('The service ends while it starts (SIGTERM).\n')
    vi.restoreAllMocks()
  }
})

test('a start that fails after a signal ends well, and says what is wrong all the same', async () => {
  const { exit, stderr, send } = signals()
  const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' })
  await run(async () => {
    send('SIGTERM')
    throw taken
  })
  expect(exit).toHaveBeenCalledExactlyOnceWith(0)
  expect(stderr.mock.calls.flat()).toEqual([
    'The port is taken by another program (listen EADDRINUSE).\n',
    'The service ends while it starts (SIGTERM).\n',
  ])
})

test.each([
  ['SIGTERM', 'SIGTERM'],
  ['disconnect', 'parent gone'],
] as const)(
  'a service that was asked to end by %s while it started is closed once it has',
  async (request, reason) => {
    const { exit, send } = signals()
    const logger = { info: vi.fn() } as unknown as Logger
    const close = vi.fn(async () => {})
    let hasStarted = () => {}
    const started = new Promise<void>((resolve) => {
      hasStarted = resolve
    })
    const running = run(async () => {
      await started
      return { logger, drainSeconds: 0, drain: () => {}, close }
    })
    send(request)
    hasStarted()
    await running
    await vi.advanceTimersByTimeAsync(START_MS_AFTER_SIGNAL)
    expect(close).toHaveBeenCalledOnce()
    expect(logger.info).toHaveBeenCalledExactlyOnceWith({ reason }, 'shutting down')
    expect(exit).toHaveBeenCalledExactlyOnceWith(0)
  },
)

test('a shutdown that takes too long is cut off, and the log says so', async () => {
  const { exit, send } = signals()
  const logger = { info: vi.fn(), error: vi.fn() } as unknown as Logger
  await run(async () => ({ logger, drainSeconds: 0, drain: () => {}, close: () => new Promise(() => {}) }))
  send('SIGTERM')
  await vi.advanceTimersByTimeAsync(SHUTDOWN_MS - 1)
  expect(exit).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(logger.error).toHaveBeenCalledExactlyOnceWith({ seconds: 10 }, expect.stringContaining('too long'))
  expect(exit).toHaveBeenCalledExactlyOnceWith(1)
})
