import { connectRedis } from '@emailauth/redis/connection/connect'
import { eventually } from '@emailauth/testing/eventually'

/** Reads a mailer's metrics. */
export async function readMetrics(url: string, serviceToken: string): Promise<string> {
  return (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${serviceToken}` } })).text()
}

/** Waits until no attempt runs, waits or can be taken over, so that no further mail can come. */
export async function nothingLeft(
  mailers: readonly { readonly url: string }[],
  serviceToken: string,
  redisUrl: string,
): Promise<void> {
  const redis = await connectRedis(redisUrl, { onError: () => {}, commandTimeoutMs: 5000 })
  try {
    await eventually(async () => {
      const underWay = await redis.zcard('ea:mail:{0}:under-way')
      if (underWay > 0) throw new Error(`${underWay} messages are under way.`)
      for (const { url } of mailers) {
        const metrics = await readMetrics(url, serviceToken)
        if (/^emailauth_messages_(?:waiting|open)\{[^}]*\} [^0]/m.test(metrics)) throw new Error(metrics)
      }
    }, 60_000)
  } finally {
    redis.disconnect()
  }
}
