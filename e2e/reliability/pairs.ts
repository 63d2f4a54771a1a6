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

export type Service = 'persistence' | 'mailer' | 'gateway'

/**
 * Two of each service that is named, and one of the others. Behind a proxy, the gateways and the services
 * that they call each have one.
 */
export async function startPairs(front: Front, doubled: readonly Service[]) {
  const stops: (() => Promise<unknown>)[] = []
  const keep = <T extends { stop(): Promise<unknown> }>(started: T): T => {
    stops.push(() => started.stop())
    return started
  }
  const stop = async () => {
    for (const end of stops.toReversed()) await end()
  }
  try {
    return { ...(await start(front, doubled, keep)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  front: Front,
  doubled: readonly Service[],
  keep: <T extends { stop(): Promise<unknown> }>(started: T) => T,
) {
  const redis = keep(await startRedis())
  const smtp = keep(await startSmtp())
  const env = {
    ...sharedEnv(redis.url),
    EMAILAUTH_LOG_LEVEL: 'warn',
    EMAILAUTH_DRAIN_SECONDS: front === 'URL lists' ? '0.3' : DRAIN_SECONDS,
  }
  const startAll = async (name: Service, startOne: () => Promise<TestService>): Promise<TestService[]> => {
    const starts = doubled.includes(name) ? [startOne, startOne] : [startOne]
    return (await Promise.all(starts.map((begin) => begin()))).map(keep)
  }
  const proxies: Partial<Record<Service, RunningProxy>> = {}
  const inFront = async (name: Service, services: readonly TestService[]) => {
    const urls = services.map(({ url }) => url)
    const [first, second] = urls
    if (front === 'URL lists' || first === undefined || second === undefined) return urls.join()
    const proxy = keep(await startProxy(front, [first, second]))
    proxies[name] = proxy
    return proxy.url
  }
  const persistences = await startAll('persistence', () => startPersistence({ env }))
  const mailers = await startAll('mailer', () =>
    startMailer({ env: { ...env, EMAILAUTH_SMTP_URL: smtp.url } }),
  )
  const urls = {
    EMAILAUTH_PERSISTENCE_URL: await inFront('persistence', persistences),
    EMAILAUTH_MAILER_URL: await inFront('mailer', mailers),
  }
  const gatewayEnv = { ...env, ...urls, EMAILAUTH_DRAIN_SECONDS: DRAIN_SECONDS }
  const gateways = await startAll('gateway', () => startGateway({ env: gatewayEnv }))
  const persist = async (path: string, body: object) => {
    const reply = await fetch(`${persistences[0]?.url}${path}`, {
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
      : createProxyCaller(await inFront('gateway', gateways), key),
  )
  return {
    smtp,
    call,
    pairs: { persistence: persistences, mailer: mailers, gateway: gateways },
    proxies,
  }
}
