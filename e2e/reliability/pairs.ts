import { startRedis } from '@emailauth/testing/redis'
import {
  sharedEnv,
  startGateway,
  startMailer,
  startPersistence,
  type TestService,
} from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { createBalancer, createProxyCaller } from './balancer.ts'
import { type ProxyProgram, type RunningProxy, startProxy } from './proxies.ts'

/** Longer than a balancer needs to notice `/readyz`. */
const DRAIN_SECONDS = '2'

/** What stands before two processes of one service: the caller's list of both, or a proxy. */
export type Front = 'URL lists' | ProxyProgram

export type Pairs = Awaited<ReturnType<typeof startPairs>>

/** Two of each service. Behind a proxy, the gateways and the services that they call each have one. */
export async function startPairs(front: Front) {
  const stops: (() => Promise<unknown>)[] = []
  const keep = <T extends { stop(): Promise<unknown> }>(started: T): T => {
    stops.push(() => started.stop())
    return started
  }
  const stop = async () => {
    for (const end of stops.toReversed()) await end()
  }
  try {
    return { ...(await start(front, keep)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(front: Front, keep: <T extends { stop(): Promise<unknown> }>(started: T) => T) {
  const redis = keep(await startRedis())
  const smtp = keep(await startSmtp())
  const env = {
    ...sharedEnv(redis.url),
    EMAILAUTH_LOG_LEVEL: 'warn',
    EMAILAUTH_DRAIN_SECONDS: front === 'URL lists' ? '0.3' : DRAIN_SECONDS,
  }
  const twice = async (start: () => Promise<TestService>): Promise<[TestService, TestService]> => [
    keep(await start()),
    keep(await start()),
  ]
  const proxies: RunningProxy[] = []
  const inFront = async ([a, b]: readonly [TestService, TestService]) => {
    if (front === 'URL lists') return `${a.url},${b.url}`
    const proxy = keep(await startProxy(front, [a.url, b.url]))
    proxies.push(proxy)
    return proxy.url
  }
  const persistences = await twice(() => startPersistence({ env }))
  const mailers = await twice(() => startMailer({ env: { ...env, EMAILAUTH_SMTP_URL: smtp.url } }))
  const urls = {
    EMAILAUTH_PERSISTENCE_URL: await inFront(persistences),
    EMAILAUTH_MAILER_URL: await inFront(mailers),
  }
  const gatewayEnv = { ...env, ...urls, EMAILAUTH_DRAIN_SECONDS: DRAIN_SECONDS }
  const gateways = await twice(() => startGateway({ env: gatewayEnv }))
  const persist = async (path: string, body: object) => {
    const reply = await fetch(`${persistences[0].url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await reply.json()) as { key: string }
  }
  const settings = { registersPerTenant: { max: 1_000_000, windowSeconds: 60 } }
  await persist('/v1/tenants', { id: 'rolled', name: 'Rolled', settings })
  const { key } = await persist('/v1/api-keys', { scope: 'tenant', tenantId: 'rolled', name: 'k' })
  const { call } = keep(
    front === 'URL lists'
      ? createBalancer(
          gateways.map(({ url }) => url),
          key,
        )
      : createProxyCaller(await inFront(gateways), key),
  )
  const [ofPersistence, ofMailer, ofGateway] = proxies
  return {
    smtp,
    call,
    pairs: { persistence: persistences, mailer: mailers, gateway: gateways },
    proxies: { persistence: ofPersistence, mailer: ofMailer, gateway: ofGateway },
  }
}
