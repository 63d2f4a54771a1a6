import { readFile } from 'node:fs/promises'
import { FULL } from '@emailauth/testing/full-form'
import { startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { startSentinel } from '@emailauth/testing/redis-sentinel'
import { startTlsRedis } from '@emailauth/testing/redis-tls'
import { Redis } from 'ioredis'
import { createRedisMock } from 'js-redis-server'

const FORMAT_1 = 'a store of format 1'
const KINDS = ['redis-server', 'embedded', 'Cluster', 'Sentinel', 'TLS and ACL'] as const
export type Server = (typeof KINDS)[number] | typeof FORMAT_1
/** Every kind of Redis that a store supports. */
export const EVERY_SERVER: readonly Server[] = KINDS
/**
 * For most tests of rules. Behind Sentinels a rule runs on the same program; only how the store connects
 * differs. Two files, of calls and of blocking reads, run on {@link EVERY_SERVER}, and all with
 * `EMAILAUTH_FULL=1`.
 */
export const SERVERS = FULL ? EVERY_SERVER : EVERY_SERVER.filter((kind) => kind !== 'Sentinel')
/** A store whose layout the version before wrote, which this one keeps. */
export const FORMATS: readonly Server[] = [FORMAT_1]

export interface StartedServer {
  readonly url: string
  /** The certificate authority, with TLS. */
  readonly ca?: string
  stop(): Promise<void>
}

const start: Record<Server, () => Promise<StartedServer>> = {
  'redis-server': () => startRedis(),
  embedded: startEmbedded,
  Cluster: () => startCluster(),
  Sentinel: startSentinel,
  [FORMAT_1]: startFormat1,
  'TLS and ACL': async () => startTlsRedis(await documentedUser()),
}

export const startServer = (server: Server): Promise<StartedServer> => start[server]()

async function startFormat1() {
  const server = await startRedis()
  const redis = new Redis(server.url)
  await redis.hset('ea:meta', 'format', 1)
  redis.disconnect()
  return server
}

async function startEmbedded() {
  const mock = await createRedisMock()
  const address = mock.addresses()[0] as { host: string; port: number }
  return { url: `redis://${address.host}:${address.port}`, stop: () => mock.close() }
}

/** The ACL rules from docs/deployment/redis.md, so that the page itself is tested. */
export async function documentedUser(): Promise<string> {
  const page = await readFile(new URL('../../../docs/deployment/redis.md', import.meta.url), 'utf8')
  const [, rules] = /^ACL SETUSER emailauth-persistence on >\S+ (.+)$/m.exec(page) ?? []
  if (rules === undefined) throw new Error('docs/deployment/redis.md names no Redis user.')
  return rules
}
