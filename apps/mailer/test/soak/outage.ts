import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startMailer } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { arrivals, callAtRate, tally } from './callers.ts'
import { nothingLeft } from './nothing-left.ts'

/** The SMTP server is away for a while and calls continue. `secondRelay`: another server stands behind it. */
export async function outage(options: {
  readonly seconds: number
  readonly perSecond: number
  readonly secondRelay?: boolean
  /** How long the mailer's process is stopped each second, as on a machine that has no CPU for it. */
  readonly heldUpMs?: number
}) {
  const { seconds, perSecond, secondRelay = false, heldUpMs } = options
  const redis = await startRedis()
  const [first, second] = [await startSmtp(), await startSmtp()]
  const env = {
    ...sharedEnv(redis.url),
    EMAILAUTH_SMTP_URL: secondRelay ? `${first.url},${second.url}` : first.url,
  }
  const mailer = await startMailer({ env })
  const holding = new AbortController()
  const held = heldUpMs === undefined ? undefined : holdUp(mailer.pid, heldUpMs, holding.signal)
  try {
    await first.stop()
    const calling = callAtRate({
      urls: () => [mailer.url],
      serviceToken: env.EMAILAUTH_SERVICE_TOKEN,
      perSecond,
      seconds,
    })
    // Also a caller that is late, on a busy machine, calls while the server is gone.
    const calls = await calling
    await first.restart()
    const backAtMs = performance.now()
    const answered = calls.filter(({ state }) => state === 'sent' || state === 'queued').length
    const mails = () => [...first.mails, ...second.mails]
    await eventually(() => {
      const missing = answered - arrivals(mails()).size
      if (missing > 0)
        throw new Error(`${missing} of ${answered} mails have not arrived:\n${mailer.output().slice(-4000)}`)
    }, 90_000)
    const allArrivedAfterMs = performance.now() - backAtMs
    await nothingLeft([mailer], env.EMAILAUTH_SERVICE_TOKEN, redis.url)
    return {
      calls: calls.length,
      states: tally(calls.map(({ state }) => state)),
      withoutMessage: tally(calls.flatMap(({ why }) => why ?? [])),
      slowestAnswerMs: Math.round(Math.max(...calls.map(({ ms }) => ms))),
      arrived: arrivals(mails()).size,
      twice: [...arrivals(mails()).values()].filter((count) => count > 1).length,
      allArrivedAfterMs: Math.round(allArrivedAfterMs),
    }
  } finally {
    holding.abort()
    await held
    await mailer.stop()
    await Promise.all([first.stop(), second.stop()])
    await redis.stop()
  }
}

/** Stops a process for this time once a second, until the signal. */
async function holdUp(pid: number, ms: number, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    process.kill(pid, 'SIGSTOP')
    await wait(ms)
    process.kill(pid, 'SIGCONT')
    await wait(1000 - ms)
  }
}
