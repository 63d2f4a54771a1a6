import { realpath, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseRedisUrl } from '@emailauth/redis/connection/redis-url'
import { OldRedisError } from '@emailauth/redis/connection/server-version'
import { withoutPassword } from '@emailauth/redis/connection/without-password'
import { connectToRedis } from '../../connection/connect-to-redis.ts'
import { CliError, EXIT } from '../../exit-codes.ts'
import { makeFolder } from '../../files/make-folder.ts'
import { writePrivateFile } from '../../files/private-file.ts'
import type { Services } from '../services/services.ts'
import type { RedisChoice } from './redis-choice.ts'
import { redisConfig } from './redis-config.ts'
import { chooseRedisEndpoint } from './redis-endpoint.ts'
import { endLeftoverRedis } from './redis-leftover.ts'

export interface ReadyRedis {
  readonly url: string
  /** What it is, for people. */
  readonly description: string
  /** true: what it holds is gone when it ends. */
  readonly forgets: boolean
}

export interface RedisOptions {
  readonly choice: RedisChoice
  /** Redis's own folder inside the data folder. */
  readonly folder: string
  /** Stands before a Redis that has to listen on a port. */
  readonly password: string
  /** The built entry of the embedded Redis. */
  readonly embeddedEntry: string
  /** The environment of the server's process. */
  readonly env: Readonly<Record<string, string>>
  readonly services: Services
  readonly signal: AbortSignal
}

/** A big append-only file takes a while to be read. */
const LOAD_MS = 60_000

/** Brings up the chosen Redis and waits until it answers. */
export async function startRedis(options: RedisOptions): Promise<ReadyRedis> {
  const { choice } = options
  if (choice.kind === 'given') return reachGiven(choice.url)
  await makeFolder(options.folder)
  // Redis reports its folder as the kernel resolves it, and a socket's path must be short.
  const own = { ...options, folder: await realpath(options.folder) }
  return choice.kind === 'binary' ? startBinary(choice.file, own) : startEmbedded(own)
}

async function reachGiven(url: string): Promise<ReadyRedis> {
  try {
    parseRedisUrl(url)
  } catch (cause) {
    throw new CliError(EXIT.usage, `EMAILAUTH_REDIS_URL: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
  try {
    ;(await connectToRedis(url)).disconnect()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    if (cause instanceof OldRedisError)
      throw new CliError(EXIT.failed, `EMAILAUTH_REDIS_URL: ${why}`, { cause })
    throw new CliError(EXIT.unreachable, `EMAILAUTH_REDIS_URL: ${why}`, {
      hint: 'Unset EMAILAUTH_REDIS_URL to let "emailauth up" start a Redis of its own.',
      cause,
    })
  }
  return { url, description: withoutPassword(url), forgets: false }
}

async function startBinary(
  file: string,
  { folder, password, env, services, signal }: RedisOptions,
): Promise<ReadyRedis> {
  const record = join(folder, 'server-url')
  await endLeftoverRedis(record, folder)
  const endpoint = await chooseRedisEndpoint(folder, password)
  // Written before the start, so that a kill between the two leaves no server that nobody finds.
  await writePrivateFile(record, endpoint.url)
  services.start({
    name: 'redis',
    file,
    args: ['-'],
    env,
    input: redisConfig(folder, endpoint),
    linked: false,
  })
  services.atTheEnd(() => rm(record, { force: true }))
  const version = await answering(endpoint.url, signal)
  return {
    url: endpoint.url,
    description: `${basename(file)} ${version}, append-only file in ${folder}`,
    forgets: false,
  }
}

async function startEmbedded({
  folder,
  password,
  embeddedEntry,
  env,
  services,
  signal,
}: RedisOptions): Promise<ReadyRedis> {
  const endpoint = await chooseRedisEndpoint(folder, password)
  if (endpoint.kind === 'socket') await rm(endpoint.path, { force: true })
  services.start({
    name: 'redis',
    file: process.execPath,
    args: [embeddedEntry],
    env,
    input: JSON.stringify(endpoint),
    linked: true,
  })
  // For the doctor. It ends with us, so that there is never one left over to be found by it.
  const record = join(folder, 'embedded-url')
  await writePrivateFile(record, endpoint.url)
  services.atTheEnd(() => rm(record, { force: true }))
  await answering(endpoint.url, signal)
  return { url: endpoint.url, description: 'embedded, in memory', forgets: true }
}

/** Waits until the server has loaded its data and answers; its version. */
async function answering(url: string, signal: AbortSignal): Promise<string> {
  const deadline = Date.now() + LOAD_MS
  for (;;) {
    signal.throwIfAborted()
    const version = await versionOf(url)
    if (version !== undefined) return version
    if (Date.now() > deadline)
      throw new CliError(EXIT.failed, `Redis did not answer within ${LOAD_MS / 1000} s.`)
    await wait(20)
  }
}

/** Undefined while it does not answer. A busy machine may take the CPU from one that has just connected. */
async function versionOf(url: string): Promise<string | undefined> {
  try {
    const redis = await connectToRedis(url)
    try {
      return /(?:valkey|redis)_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? ''
    } finally {
      redis.disconnect()
    }
  } catch (error) {
    if (error instanceof OldRedisError) throw tooOld(error)
    return undefined
  }
}

function tooOld(cause: OldRedisError): CliError {
  return new CliError(EXIT.failed, cause.message, {
    hint: 'Install a newer one, or set EMAILAUTH_REDIS_URL. Without any on the PATH an embedded one serves development.',
    cause,
  })
}
