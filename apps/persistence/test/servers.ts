import { readFile } from 'node:fs/promises'
import { FULL } from '@emailauth/testing/full-form'
import { startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { startSentinel } from '@emailauth/testing/redis-sentinel'
import { startTlsRedis } from '@emailauth/testing/redis-tls'
import { Redis } from 'ioredis'
import { createRedisMock } from 'js-redis-server'

const FORMAT_1 = 'a store of format 1'
const KINDS = ['redis-server', 'ACL', 'embedded', 'Cluster', 'Sentinel', 'TLS and ACL'] as const
export type Server = (typeof KINDS)[number] | typeof FORMAT_1
/** Every kind of Redis that a store supports. */
export const EVERY_SERVER: readonly Server[] = KINDS
/** The kinds on which a rule may behave differently: one node, the emulation, and partitions on shards. */
const OF_RULES: readonly Server[] = ['ACL', 'embedded', 'Cluster']
/**
 * For most tests of rules. Without the ACL, with TLS and behind Sentinels a rule runs on the same program;
 * only how the store connects differs. Two files, of calls and of blocking reads, run on
 * {@link EVERY_SERVER}, and all with `EMAILAUTH_FULL=1`.
 */
export const SERVERS = FULL ? EVERY_SERVER : OF_RULES
/**
 * Whether a test runs there that sends hundreds of calls: the embedded Redis takes many times as long for
 * them, so there they are the full form. Each rule has shorter tests that run there always.
 */
export const takesManyCalls = (server: Server) => FULL || server !== 'embedded'
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
  ACL: startAcl,
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

/** Without TLS, for the user that the documentation makes, so that each rule meets its ACL. */
async function startAcl() {
  const server = await startRedis()
  const redis = new Redis(server.url)
  await redis.call('ACL', 'SETUSER', 'app', 'on', '>pw', 'resetkeys', ...(await documentedUser()).split(' '))
  redis.disconnect()
  return { url: server.url.replace('redis://', 'redis://app:pw@'), stop: () => server.stop() }
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
