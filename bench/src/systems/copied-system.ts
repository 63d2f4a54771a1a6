import { startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { type Child, startChild } from './child.ts'
import type { Cleanup } from './cleanup.ts'
import type { servicesOf } from './other-build.ts'
import { createPersistenceApi, type PersistenceApi } from './persistence-api.ts'
import { sharedEnvironment, startService } from './system.ts'

/** One gateway, and what loads it. */
export interface LoadedGateway {
  readonly gatewayPort: number
  readonly apiKey: string
  readonly load: Child
}

/** Copies of each service over one store. */
export interface CopiedSystem {
  readonly name: string
  readonly api: PersistenceApi
  readonly gateways: readonly LoadedGateway[]
  /** Of every process whose CPU counts, as `<kind> <number>`. */
  readonly pids: Readonly<Record<string, number>>
  readonly redisUrls: readonly string[]
}

export interface CopiesOptions {
  readonly name: string
  readonly copies: number
  readonly isSingle: boolean
  /** Whose services; empty: those of this checkout. */
  readonly services: Awaited<ReturnType<typeof servicesOf>>
}

export async function startCopies(
  cleanup: Cleanup,
  { name, copies, isSingle, services }: CopiesOptions,
): Promise<CopiedSystem> {
  const { url, redisUrls, redisPids } = isSingle ? await single(cleanup) : await cluster(cleanup)
  const shared = sharedEnvironment(url)
  const sink = cleanup.keep(startChild('./load/smtp-sink.js'), (child) => child.stop())
  const { port: smtpPort } = await sink.ask<{ port: number }>({})
  const mail = {
    EMAILAUTH_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    EMAILAUTH_MAIL_FROM: 'emailauth <no-reply@localhost>',
  }
  const pids: Record<string, number> = { ...redisPids }
  const start = async (service: 'gateway' | 'persistence' | 'mailer', env: Record<string, string>) => {
    const ports: number[] = []
    for (let copy = 1; copy <= copies; copy++) {
      const { child, port } = await startService(cleanup, service, { ...shared, ...env }, services)
      pids[`${service} ${copy}`] = child.pid
      ports.push(port)
    }
    return ports
  }
  const persistences = await start('persistence', {})
  const mailers = await start('mailer', mail)
  const gatewayPorts = await start('gateway', {
    EMAILAUTH_PERSISTENCE_URL: urlList(persistences),
    EMAILAUTH_MAILER_URL: urlList(mailers),
  })
  const api = cleanup.keep(
    createPersistenceApi(`http://127.0.0.1:${persistences[0]}`, shared.EMAILAUTH_SERVICE_TOKEN),
    (open) => open.close(),
  )
  const apiKey = await api.createTenant()
  const gateways = gatewayPorts.map((gatewayPort) => {
    const load = cleanup.keep(startChild('./load/load.js'), (child) => child.stop())
    return { gatewayPort, apiKey, load }
  })
  return { name, api, gateways, pids, redisUrls }
}

function urlList(ports: readonly number[]): string {
  return ports.map((port) => `http://127.0.0.1:${port}`).join(',')
}

async function single(cleanup: Cleanup) {
  const redis = cleanup.keep(await startRedis('--appendonly', 'no'), (started) => started.stop())
  return { url: redis.url, redisUrls: [redis.url], redisPids: { 'redis 1': redis.pid } }
}

async function cluster(cleanup: Cleanup) {
  const { url, nodes } = cleanup.keep(await startCluster(), (started) => started.stop())
  return {
    url,
    redisUrls: nodes.map(({ port }) => `redis://127.0.0.1:${port}`),
    redisPids: Object.fromEntries(nodes.map(({ pid }, at) => [`redis ${at + 1}`, pid])),
  }
}
