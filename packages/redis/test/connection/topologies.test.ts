import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeCertificates } from '@emailauth/testing/certificates'
import { eventually, START_MS } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { redisProgram, startRedis } from '@emailauth/testing/redis'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { redisCommand } from '@emailauth/testing/redis-command'
import { startSentinel } from '@emailauth/testing/redis-sentinel'
import { startTlsRedis } from '@emailauth/testing/redis-tls'
import { expectWithin } from '@emailauth/testing/timing'
import type { Cluster } from 'ioredis'
import { expect, test } from 'vitest'
import { connectRedis } from '../../src/connection/connect.ts'
import { isRedisUnavailable } from '../../src/faults.ts'

const onError = () => {}

test('Cluster: ready means every master; a command is sent once, whatever happens to its connection; it heals', async () => {
  const cluster = await startCluster()
  const redis = (await connectRedis(cluster.url, { onError })) as Cluster
  try {
    expect(redis.nodes('master').map(({ status }) => status)).toEqual(['ready', 'ready', 'ready'])
    const count = (key: string) =>
      redis.incr(key).then(
        () => 'done',
        (error: unknown) => (isRedisUnavailable(error) ? 'unknown' : error),
      )
    const batch = (name: string) => Array.from({ length: 100 }, (_, i) => `ea:${name}-${i}`)
    expect(new Set(await Promise.all(batch('first').map(count)))).toEqual(new Set(['done']))

    const ended = new Map<string, unknown>()
    const unknown = () => [...ended.values()].filter((end) => end === 'unknown').length
    for (let round = 0; round < 100 && unknown() < 20; round++) {
      const cut = redisCommand(cluster.nodes[round % 3]?.port ?? 0, 'client', 'kill', 'type', 'normal')
      for (let part = 0; part < 10; part++) {
        const keys = batch(`${round}-${part}`)
        const ends = await Promise.all(keys.map(count))
        for (const [i, key] of keys.entries()) ended.set(key, ends[i])
      }
      await cut
    }
    expect(new Set(ended.values())).toEqual(new Set(['done', 'unknown']))
    const works = () =>
      eventually(async () => {
        for (const key of batch('first')) await redis.get(key)
      }, 30_000)
    await works()
    const values = await Promise.all([...ended.keys()].map((key) => redis.get(key)))
    for (const [i, [key, end]] of [...ended].entries())
      expect(end === 'done' ? ['1'] : ['1', null], key).toContain(values[i])

    const [victim] = cluster.nodes
    await victim?.kill()
    const calls = await Promise.all(batch('last').map(count))
    expect([...new Set(calls)].sort()).toEqual(['done', 'unknown'])
    await victim?.restart()
    await works()
  } finally {
    redis.disconnect()
    await cluster.stop()
  }
})

test('Sentinel: a planned failover is followed; a former master that refuses writes is left', async () => {
  const sentinel = await startSentinel()
  const redis = await connectRedis(sentinel.url, { onError })
  try {
    await redis.set('ea:k', 'before')
    const before = await sentinel.master()
    const [port] = /\d+/.exec(sentinel.url.split(':').at(-1) ?? '') ?? []
    await redisCommand(Number(port), 'sentinel', 'failover', 'emailauth')
    await eventually(async () => {
      if ((await sentinel.master()) === before) throw new Error('Not yet.')
      const fault = await redis.set('ea:k', 'after').then(
        () => undefined,
        (error: unknown) => error,
      )
      // The former master accepts writes that will be lost. A call that waits for replicas fails instead.
      if (fault === undefined) {
        expect(await redisCommand((await sentinel.master()).port, 'get', 'ea:k')).toBe('after')
        return
      }
      expect(isRedisUnavailable(fault), String(fault)).toBe(true)
      throw fault
    }, 30_000)
  } finally {
    redis.disconnect()
    await sentinel.stop()
  }
})

test('Sentinels that are all down fail the start with one clear sentence', async () => {
  const url = `redis+sentinel://:secret@127.0.0.1:${await freePort()}/emailauth`
  const startedAt = Date.now()
  await expect(connectRedis(url, { onError })).rejects.toMatchObject({
    message: expect.stringContaining('Redis cannot be reached at redis+sentinel://…@127.0.0.1'),
    cause: { message: 'No connection within 5000 ms.' },
  })
  expectWithin(Date.now() - startedAt, 8000)
})

test('TLS: a private authority is trusted by option or by NODE_EXTRA_CA_CERTS, and not otherwise', async () => {
  const server = await startTlsRedis('~ea:* -@all +get +set +info')
  try {
    await expect(connectRedis(server.url, { onError })).rejects.toThrow(
      /^Redis cannot be reached at rediss:\/\/…@127\.0\.0\.1:\d+: self-signed certificate in certificate chain\.$/,
    )
    const redis = await connectRedis(server.url, { onError, ca: server.ca })
    expect(await redis.set('ea:k', 'v')).toBe('OK')
    await expect(redis.set('other', 'v')).rejects.toThrow('NOPERM')
    redis.disconnect()
    await expect(
      connectRedis(server.url.replace('app:', 'app:wrong'), { onError, ca: server.ca }),
    ).rejects.toThrow('Redis cannot be reached')

    const program = `
      import { Redis } from 'ioredis'
      const redis = new Redis(process.argv[1], { retryStrategy: () => null })
      redis.on('error', () => {})
      console.log(await redis.get('ea:k').catch((error) => error.message))
      redis.disconnect()`
    const ask = async (env: NodeJS.ProcessEnv) => {
      const cwd = fileURLToPath(new URL('../..', import.meta.url))
      const args = ['--input-type=module', '-e', program, server.url]
      const { stdout } = await promisify(execFile)(process.execPath, args, {
        cwd,
        env: { ...process.env, ...env },
      })
      return stdout.trim()
    }
    expect(await ask({ NODE_EXTRA_CA_CERTS: server.caFile })).toBe('v')
    expect(await ask({})).not.toBe('v')
  } finally {
    await server.stop()
  }
})

test('Sentinels that speak TLS alone, and ask for a password of their own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-tls-sentinel-'))
  const { ca, certificate, key } = await makeCertificates(folder)
  const tls = [
    ['tls-cert-file', certificate],
    ['tls-key-file', key],
    ['tls-ca-cert-file', ca],
    ['tls-auth-clients', 'no'],
    ['tls-replication', 'yes'],
  ]
  const [port, sentinelPort] = [await freePort(), await freePort()]
  const master = await startRedis(
    ...['--port', '0', '--tls-port', String(port), '--requirepass', 'of-redis'],
    ...tls.flatMap(([name, value]) => [`--${name}`, String(value)]),
  )
  const file = join(folder, 'sentinel.conf')
  const lines = [
    'port 0',
    `tls-port ${sentinelPort}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    'requirepass of-sentinels',
    ...tls.map((words) => words.join(' ')),
    `sentinel monitor emailauth 127.0.0.1 ${port} 1`,
    'sentinel auth-pass emailauth of-redis',
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  const sentinel = spawn(redisProgram(), [file, '--sentinel'], { stdio: 'ignore' })
  const url = `rediss+sentinel://:of-redis@127.0.0.1:${sentinelPort}/emailauth`
  try {
    // A command may wait long on a busy machine, and a start by Sentinels is given up after 5 s.
    const options = { onError, ca: await readFile(ca, 'utf8'), commandTimeoutMs: 10_000 }
    const redis = await eventually(
      () => connectRedis(`${url}?sentinelPassword=of-sentinels`, options),
      START_MS,
    )
    expect(await redis.set('ea:k', 'v')).toBe('OK')
    redis.disconnect()
    await expect(connectRedis(url, options)).rejects.toThrow('Redis cannot be reached')
    const unencrypted = connectRedis(`${url}?sentinelPassword=of-sentinels&sentinelTls=false`, options)
    await expect(unencrypted).rejects.toThrow(/^Redis cannot be reached at [^?]*\?…\.$/)
  } finally {
    const gone = once(sentinel, 'exit')
    sentinel.kill('SIGKILL')
    await gone
    await master.stop()
    await rm(folder, { recursive: true })
  }
})
