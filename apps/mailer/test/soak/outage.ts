import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startMailer } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { arrivals, callAtRate } from './callers.ts'
import { nothingLeft } from './nothing-left.ts'

/** The SMTP server is away for a while and calls continue. `secondRelay`: another server stands behind it. */
export async function outage(options: {
  readonly seconds: number
  readonly perSecond: number
  readonly secondRelay?: boolean
}) {
  const { seconds, perSecond, secondRelay = false } = options
  const redis = await startRedis()
  const [first, second] = [await startSmtp(), await startSmtp()]
  const env = {
    ...sharedEnv(redis.url),
    EMAILAUTH_SMTP_URL: secondRelay ? `${first.url},${second.url}` : first.url,
  }
  const mailer = await startMailer({ env })
  try {
    await first.stop()
    const calling = callAtRate({
      urls: () => [mailer.url],
      serviceToken: env.EMAILAUTH_SERVICE_TOKEN,
      perSecond,
      seconds,
    })
    const calls = await calling
    await first.restart()
    const backAtMs = performance.now()
    const answered = calls.filter(({ state }) => state === 'sent' || state === 'queued').length
    const mails = () => [...first.mails, ...second.mails]
    await eventually(() => {
      const missing = answered - arrivals(mails()).size
      if (missing > 0) throw new Error(`${missing} of ${answered} mails have not arrived`)
    }, 90_000)
    const allArrivedAfterMs = performance.now() - backAtMs
    await nothingLeft([mailer], env.EMAILAUTH_SERVICE_TOKEN, redis.url)
    return {
      calls: calls.length,
      states: Object.fromEntries(tally(calls.map(({ state }) => state))),
      slowestAnswerMs: Math.round(Math.max(...calls.map(({ ms }) => ms))),
      arrived: arrivals(mails()).size,
      twice: [...arrivals(mails()).values()].filter((count) => count > 1).length,
      allArrivedAfterMs: Math.round(allArrivedAfterMs),
    }
  } finally {
    await mailer.stop()
    await Promise.all([first.stop(), second.stop()])
    await redis.stop()
  }
}

function tally(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
