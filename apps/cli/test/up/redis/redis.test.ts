import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectRedis } from '@emailauth/redis/connection/connect'
import { copyAsOldRedis } from '@emailauth/testing/old-redis'
import { skipPauses } from '@emailauth/testing/pauses'
import { startRedisOf, startRedis as startStrangersRedis } from '@emailauth/testing/redis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findExecutable } from '../../../src/up/executables.ts'
import { startRedis } from '../../../src/up/redis/redis.ts'
import type { RedisChoice } from '../../../src/up/redis/redis-choice.ts'
import { redisConfig } from '../../../src/up/redis/redis-config.ts'
import { chooseRedisEndpoint } from '../../../src/up/redis/redis-endpoint.ts'
import { createServices, type Services } from '../../../src/up/services/services.ts'

let folder: string
let services: Services
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-up-'))
  services = createServices({ onLine: () => false, onDeath: () => {} })
})
afterEach(async () => {
  await services.stopAll()
  await rm(folder, { recursive: true })
})

const start = (choice: RedisChoice) =>
  startRedis({
    choice,
    folder,
    password: 'pw',
    embeddedEntry: new URL('../../../dist/up/embedded-redis.js', import.meta.url).pathname,
    env: { PATH: process.env.PATH ?? '' },
    services,
    signal: new AbortController().signal,
  })

async function binary(): Promise<{ kind: 'binary'; file: string }> {
  const file = await findExecutable(['redis-server'], process.env.PATH)
  if (file === undefined) throw new Error('these tests need redis-server on the PATH')
  return { kind: 'binary', file }
}

async function ask(url: string, ...[command, ...args]: [string, ...string[]]): Promise<unknown> {
  // On a busy machine the embedded one may take longer than a service would wait.
  const redis = await connectRedis(url, { onError: () => {}, commandTimeoutMs: 20_000 })
  try {
    return await redis.call(command, ...args)
  } finally {
    redis.disconnect()
  }
}

test('a real Redis keeps its data from one start to the next and never evicts', async () => {
  const first = await start(await binary())
  expect(first).toMatchObject({ url: `unix://${folder}/redis.sock`, forgets: false })
  expect(await ask(first.url, 'CONFIG', 'GET', 'appendfsync')).toEqual(['appendfsync', 'always'])
  expect(await ask(first.url, 'CONFIG', 'GET', 'maxmemory-policy')).toEqual([
    'maxmemory-policy',
    'noeviction',
  ])
  await ask(first.url, 'SET', 'k', 'kept')
  await services.stopAll()
  services = createServices({ onLine: () => false, onDeath: () => {} })
  expect(await ask((await start(await binary())).url, 'GET', 'k')).toBe('kept')
})

test('a Redis that a killed start left behind is ended, and nothing it acknowledged is lost', async () => {
  const { file } = await binary()
  const endpoint = await chooseRedisEndpoint(folder, 'pw')
  const leftover = spawn(file, ['-'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const gone = once(leftover, 'exit')
  leftover.stdin.end(redisConfig(folder, endpoint))
  await writeFile(join(folder, 'server-url'), endpoint.url)
  await expect.poll(() => ask(endpoint.url, 'SET', 'k', 'kept').catch(() => 'not yet')).toBe('OK')
  const { url } = await start({ kind: 'binary', file })
  expect(await gone).toEqual([0, null])
  expect(await ask(url, 'GET', 'k')).toBe('kept')
})

test('a Redis that was left behind and does not end within 10 s is named; one that does not answer gets 60 s', async () => {
  const { file } = await binary()
  const endpoint = await chooseRedisEndpoint(folder, 'pw')
  const leftover = spawn(file, ['-'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const gone = once(leftover, 'exit')
  leftover.stdin.end(`${redisConfig(folder, endpoint)}rename-command SHUTDOWN ""\n`)
  await writeFile(join(folder, 'server-url'), endpoint.url)
  await expect.poll(() => ask(endpoint.url, 'PING').catch(() => 'not yet')).toBe('PONG')
  const pauses = skipPauses({ onlyMs: 20, leastMs: 1000 })
  await expect(start({ kind: 'binary', file })).rejects.toThrow(`(process ${leftover.pid}) does not end`)
  expect(pauses).toHaveLength(11)
  leftover.kill('SIGKILL')
  await gone
  await expect(start({ kind: 'binary', file: 'false' })).rejects.toThrow('Redis did not answer within 60 s.')
  expect(pauses).toHaveLength(11 + 61)
})

test('a Redis that loses its connection when it is asked for its version is asked again', async () => {
  const redis = await startStrangersRedis()
  let asked = 0
  const proxy = createServer((client) => {
    const server = connect(redis.port, '127.0.0.1')
    client.on('data', (chunk) => {
      // Twice while it connects, then for its version.
      if (/\r\ninfo\r\n/i.test(chunk.toString()) && ++asked === 3) client.destroy()
      else server.write(chunk)
    })
    server.on('data', (chunk) => client.write(chunk))
    client.on('error', () => {}).on('close', () => server.destroy())
    server.on('error', () => {}).on('close', () => client.destroy())
  }).listen(join(folder, 'redis.sock'))
  try {
    // Its own program ends at once. What listens at its socket answers instead.
    expect(await start({ kind: 'binary', file: 'true' })).toMatchObject({ forgets: false })
    expect(asked).toBeGreaterThan(3)
  } finally {
    await new Promise((closed) => proxy.close(closed))
    await redis.stop()
  }
})

test("a stranger's Redis at the address of ours is left alone", async () => {
  const stranger = await startStrangersRedis()
  try {
    await writeFile(join(folder, 'server-url'), stranger.url)
    const { url } = await start(await binary())
    expect(await readFile(join(folder, 'server-url'), 'utf8')).toBe(url)
    expect(await ask(stranger.url, 'PING')).toBe('PONG')
  } finally {
    await stranger.stop()
  }
})

test('the embedded one speaks Lua on a socket of its own, also after one that was killed', async () => {
  await writeFile(join(folder, 'redis.sock'), '')
  const redis = await start({ kind: 'embedded' })
  expect(redis).toMatchObject({ url: `unix://${folder}/redis.sock`, forgets: true })
  expect(
    await ask(
      redis.url,
      'EVAL',
      'redis.call("SET", KEYS[1], "v", "EX", 60) return redis.call("GET", KEYS[1])',
      '1',
      'k',
    ),
  ).toBe('v')
})

test('a given Redis is used as it is', async () => {
  const given = await startStrangersRedis()
  try {
    expect(await start({ kind: 'given', url: given.url })).toEqual({
      url: given.url,
      description: given.url,
      forgets: false,
    })
  } finally {
    await given.stop()
  }
})

test('an unreachable Redis and an invalid URL are reported without their password', async () => {
  await expect(start({ kind: 'given', url: 'redis://:secret@127.0.0.1:1' })).rejects.toMatchObject({
    message: 'EMAILAUTH_REDIS_URL: Redis cannot be reached at redis://…@127.0.0.1:1.',
    exitCode: 6,
  })
  await expect(start({ kind: 'given', url: 'localhost' })).rejects.toMatchObject({ exitCode: 64 })
})

test('a Redis on the PATH that is too old is named at once, with what to do', async () => {
  const { program, version } = await copyAsOldRedis(folder)
  await expect(start({ kind: 'binary', file: program })).rejects.toMatchObject({
    message: expect.stringContaining(` is ${version}; emailauth needs Redis 6.2 or newer, or Valkey.`),
    hint: expect.stringContaining('Install a newer one'),
  })
  const stranger = await startRedisOf(program)
  try {
    await expect(start({ kind: 'given', url: stranger.url })).rejects.toThrow(
      `EMAILAUTH_REDIS_URL: Redis at ${stranger.url} is ${version};`,
    )
  } finally {
    await stranger.stop()
  }
})
