import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startMailer } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { arrivals, callAtRate } from './callers.ts'
import { nothingLeft } from './nothing-left.ts'

/** Connections that each mailer opens to the SMTP server. */
const CONNECTIONS = 10
const SMTP_TAKES_MS = 30

/** Two mailers under load. Each is killed as by a power cut and restarted, one after the other. */
export async function kills(options: {
  readonly times: number
  readonly everyMs: number
  readonly perSecond: number
}) {
  const { times, everyMs, perSecond } = options
  const redis = await startRedis()
  const smtp = await startSmtp({ data: () => wait(SMTP_TAKES_MS, undefined) })
  const env = { ...sharedEnv(redis.url), EMAILAUTH_SMTP_URL: `${smtp.url}?connections=${CONNECTIONS}` }
  const mailers = [await startMailer({ env }), await startMailer({ env })]
  try {
    const calling = callAtRate({
      urls: () => mailers.map(({ url }) => url),
      serviceToken: env.EMAILAUTH_SERVICE_TOKEN,
      perSecond,
      hasty: true,
      seconds: ((times + 1) * everyMs) / 1000,
    })
    for (let i = 0; i < times; i++) {
      await wait(everyMs)
      await mailers[i % 2]?.restart()
    }
    const calls = await calling
    const acknowledged = calls.filter(({ state }) => state === 'sent' || state === 'queued')
    const cut = calls.filter(({ state }) => state === 'no answer')
    await eventually(() => {
      const missing = acknowledged.filter(({ email }) => !arrivals(smtp.mails).has(email)).length
      if (missing > 0) throw new Error(`${missing} acknowledged mails have not arrived`)
    }, 60_000)
    await nothingLeft(mailers, env.EMAILAUTH_SERVICE_TOKEN, redis.url)
    const counts = arrivals(smtp.mails)
    return {
      calls: calls.length,
      acknowledged: acknowledged.length,
      unanswered: cut.length,
      unansweredYetMailed: cut.filter(({ email }) => counts.has(email)).length,
      lost: acknowledged.filter(({ email }) => !counts.has(email)).length,
      duplicates: smtp.mails.length - counts.size,
      allowedDuplicates: times * CONNECTIONS,
    }
  } finally {
    await Promise.all(mailers.map((mailer) => mailer.stop()))
    await smtp.stop()
    await redis.stop()
  }
}
