import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startMailer } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { arrivals, callAtRate } from './callers.ts'
import { nothingLeft, readMetrics } from './nothing-left.ts'

const SMTP_TAKES_MS = 30

/**
 * Two mailers under load. Redis syncs every write, is killed as by a power cut, and restarts a while later.
 */
export async function redisKills(options: {
  readonly times: number
  readonly everyMs: number
  readonly goneMs: number
  readonly perSecond: number
}) {
  const { times, everyMs, goneMs, perSecond } = options
  const redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always')
  const smtp = await startSmtp({ data: () => wait(SMTP_TAKES_MS, undefined) })
  const env = { ...sharedEnv(redis.url), EMAILAUTH_SMTP_URL: smtp.url }
  const mailers = [await startMailer({ env }), await startMailer({ env })]
  try {
    const calling = callAtRate({
      urls: () => mailers.map(({ url }) => url),
      serviceToken: env.EMAILAUTH_SERVICE_TOKEN,
      perSecond,
      hasty: true,
      seconds: ((times + 1) * (everyMs + goneMs)) / 1000,
    })
    for (let i = 0; i < times; i++) {
      await wait(everyMs)
      await redis.kill()
      await wait(goneMs)
      await redis.restart()
    }
    const calls = await calling
    const acknowledged = calls.filter(({ state }) => state === 'sent' || state === 'queued')
    await eventually(() => {
      const missing = acknowledged.filter(({ email }) => !arrivals(smtp.mails).has(email)).length
      if (missing > 0) throw new Error(`${missing} acknowledged mails have not arrived`)
    }, 60_000)
    await nothingLeft(mailers, env.EMAILAUTH_SERVICE_TOKEN, redis.url)
    const counts = arrivals(smtp.mails)
    const twice = smtp.mails.length - counts.size
    return {
      calls: calls.length,
      acknowledged: acknowledged.length,
      lost: acknowledged.filter(({ email }) => !counts.has(email)).length,
      twice,
      /** What may have sent a mail again, as each mailer counts it: attempts, take-overs, lost replies. */
      whyTwice: twice === 0 ? [] : await sendings(mailers, env.EMAILAUTH_SERVICE_TOKEN),
    }
  } finally {
    await Promise.all(mailers.map((mailer) => mailer.stop()))
    await smtp.stop()
    await redis.stop()
  }
}

async function sendings(mailers: readonly { readonly url: string }[], serviceToken: string) {
  const counted = /^emailauth_(?:message_attempts|messages_adopted|message_unknown_outcomes)_total.*$/gm
  const metrics = await Promise.all(mailers.map(({ url }) => readMetrics(url, serviceToken)))
  return metrics.map((text) => text.match(counted))
}
