import type { RedisOptions } from 'ioredis'

/** A parsed Redis URL. */
export type RedisAddress =
  | { readonly kind: 'single'; readonly options: RedisOptions }
  | { readonly kind: 'sentinel'; readonly options: RedisOptions }
  | {
      readonly kind: 'cluster'
      readonly nodes: { host: string; port: number }[]
      readonly options: RedisOptions
    }

/**
 * Parses `EMAILAUTH_REDIS_URL`:
 * - `redis://` or `rediss://` (TLS) with user, password and database
 * - `unix:///path`
 * - a comma-separated list of the former: a Cluster, whose nodes have the first one's user, password and TLS
 * - `redis+sentinel://h1:p1,h2:p2/master-name`, whose user and password are those of Redis; with
 *   `rediss+sentinel://` Redis and the Sentinels speak TLS. `?sentinelPassword=`, `?sentinelUser=` and
 *   `?sentinelTls=false` are of the Sentinels alone
 * Parts that are not used are warned of: redis-url-warnings.ts.
 * @throws {Error} whose message explains the right form.
 */
export function parseRedisUrl(url: string): RedisAddress {
  if (url.startsWith('redis+sentinel://') || url.startsWith('rediss+sentinel://')) return parseSentinel(url)
  const [first, ...others] = url.split(',').map(parseOne)
  if (first === undefined) throw new Error('The Redis URL is empty.')
  if (others.length === 0) return { kind: 'single', options: first }
  const nodes = [first, ...others].map(({ host, port }) => ({
    host: host ?? '127.0.0.1',
    port: port ?? 6379,
  }))
  const { host: _, port: __, ...options } = first
  return { kind: 'cluster', nodes, options }
}

function parseOne(text: string): RedisOptions {
  if (!/^\s*(?:rediss?:\/\/|unix:)/i.test(text)) {
    throw new Error('A Redis URL begins with redis://, rediss://, redis+sentinel:// or unix://.')
  }
  const url = parseUrl(text.trim())
  refuseOtherMeanings(text, url)
  if (url.protocol === 'unix:') {
    if (url.pathname.length < 2)
      throw new Error('The URL of a Redis socket is its path alone: unix:///run/redis.sock.')
    return { path: decoded(url.pathname) }
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: Number(url.port || 6379),
    ...credentials(url),
    ...(url.pathname.length > 1 ? { db: databaseOf(url.pathname.slice(1)) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  }
}

/** Parts that somebody means, without which the URL would name another server or database. */
function refuseOtherMeanings(text: string, url: URL): void {
  if (text.includes('#'))
    throw new Error('A Redis URL has nothing after #. In user and password write # as %23.')
  if (url.username + url.password === '' && url.search.includes('@'))
    throw new Error('In user and password of a Redis URL write ? as %3F.')
  const meant = url.searchParams.get('db') ?? url.searchParams.get('database')
  const database = url.protocol === 'unix:' ? 0 : Number(url.pathname.slice(1))
  if (meant !== null && Number(meant) !== database)
    throw new Error('The database of a Redis URL is its path, without ?db=: redis://host:6379/1.')
}

/** Options of the Sentinels themselves in the query of their URL. */
const SENTINEL_OPTIONS: ReadonlySet<string> = new Set(['sentinelUser', 'sentinelPassword', 'sentinelTls'])

function parseSentinel(text: string): RedisAddress {
  // The WHATWG parser does not support a list of hosts, so one name replaces them.
  const [, scheme, user, hosts, path] =
    /^(rediss?)\+sentinel:\/\/(?:([^@/]*)@)?([^/]+)\/(.+)$/.exec(text) ?? []
  if (hosts === undefined || path === undefined) {
    throw new Error('A Sentinel URL reads redis+sentinel://host1:port,host2:port/master-name.')
  }
  const url = parseUrl(`redis://${user === undefined ? '' : `${user}@`}sentinel/${path}`)
  const [name = '', db, ...more] = url.pathname.slice(1).split('/')
  if (url.hash !== '' || more.length > 0 || /[#@]/.test(hosts))
    throw new Error(
      'A Sentinel URL ends with master-name/database?options. In user and password write / as %2F, ? as %3F, # as %23 and @ as %40.',
    )
  const unknown = [...url.searchParams.keys()].find((option) => !SENTINEL_OPTIONS.has(option))
  if (unknown !== undefined) throw new Error(`A redis+sentinel:// URL has no option ${unknown}.`)
  const [sentinelUsername, sentinelPassword, sentinelTls] = [...SENTINEL_OPTIONS].map((option) =>
    url.searchParams.get(option),
  )
  return {
    kind: 'sentinel',
    options: {
      name: decoded(name),
      sentinels: hosts.split(',').map((host) => {
        const at = parseUrl(`redis://${host}`)
        return { host: at.hostname, port: Number(at.port || 26379) }
      }),
      ...credentials(url),
      ...(db === undefined ? {} : { db: databaseOf(db) }),
      ...(sentinelUsername ? { sentinelUsername } : {}),
      ...(sentinelPassword ? { sentinelPassword } : {}),
      ...(scheme === 'rediss' ? { tls: {}, enableTLSForSentinelMode: true } : {}),
      ...(scheme === 'rediss' && sentinelTls !== 'false' ? { sentinelTLS: {} } : {}),
    },
  }
}

function credentials(url: URL): RedisOptions {
  return {
    ...(url.username === '' ? {} : { username: decoded(url.username) }),
    ...(url.password === '' ? {} : { password: decoded(url.password) }),
  }
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text))
    throw new Error('A Redis URL reads redis://user:password@host:port/database, with a number as its port.')
  return new URL(text)
}

function databaseOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error('The database of a Redis URL is a number: redis://host:6379/1.')
  return Number(text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new Error('In a Redis URL write % as %25, / as %2F, # as %23, ? as %3F and @ as %40.', { cause })
  }
}
