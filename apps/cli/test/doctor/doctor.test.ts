import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectRedis } from '@emailauth/redis/connection/connect'
import { eventually } from '@emailauth/testing/eventually'
import { startSystem, type TestSystem } from '@emailauth/testing/system'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { runHere } from '../run-here.ts'

let system: TestSystem
let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'emailauth-home-'))
  system = await startSystem()
})
afterAll(async () => {
  await system?.stop()
  await rm(home, { recursive: true, force: true })
})

test('the doctor checks what it can of a remote gateway, and reports damaged credentials', async () => {
  const doctor = async (env: Record<string, string>) => {
    const { exitCode, stdout } = await runHere(['doctor', '--json'], {
      env: { HOME: home, PATH: '', ...env },
    })
    return {
      exitCode,
      checks: JSON.parse(stdout).checks as { name: string; state: string; detail: string }[],
    }
  }
  // On a busy machine a service may not answer in the 5 s that the doctor gives it.
  await eventually(async () => {
    const { checks } = await doctor({ EMAILAUTH_HOME: system.home })
    expect(checks.map(({ name }) => name)).toContain('Build')
    // The ports come from the running system, not from variables of the first terminal.
    expect(checks).toContainEqual(expect.objectContaining({ name: 'Secret keys', state: 'ok' }))
  }, 60_000)
  const remote = await doctor({ EMAILAUTH_URL: 'http://192.0.2.1.invalid', EMAILAUTH_API_KEY: 'ea_x' })
  expect(remote.checks.map(({ name }) => name)).toEqual(['Node', 'Credentials', 'Gateway'])
  const damaged = await mkdtemp(join(tmpdir(), 'emailauth-damaged-'))
  await writeFile(join(damaged, 'credentials.json'), '{')
  const found = await doctor({ EMAILAUTH_HOME: damaged })
  expect(found).toMatchObject({ exitCode: 1 })
  expect(found.checks.at(-1)).toMatchObject({ name: 'Credentials', state: 'fail' })
  await rm(damaged, { recursive: true })
})

test('a Redis that is full is what the doctor names, and no reason to start anything', async () => {
  const url = (await readFile(join(system.home, 'redis', 'server-url'), 'utf8')).trim()
  const redis = await connectRedis(url, { onError: () => {}, commandTimeoutMs: 20_000 })
  const doctor = async () => {
    const { stdout } = await runHere(['doctor', '--json'], {
      env: { HOME: home, EMAILAUTH_HOME: system.home },
    })
    const checks: { name: string; state: string; detail: string; fix: string | null }[] =
      JSON.parse(stdout).checks
    return (name: string) => checks.find((check) => check.name === name)
  }
  try {
    await redis.config('SET', 'maxmemory', '1')
    await eventually(async () => {
      const of = await doctor()
      expect(of('Redis')).toMatchObject({ state: 'fail', detail: expect.stringMatching(/memory is full/) })
      expect(of('Gateway')).toMatchObject({
        state: 'fail',
        detail: expect.stringContaining('waiting for persistence and mailer'),
        fix: expect.stringContaining('not ready for work'),
      })
      // What persistence knows is asked for all the same.
      expect(of('Secret keys')).toBeDefined()
    }, 60_000)
  } finally {
    await redis.config('SET', 'maxmemory', '0')
    redis.disconnect()
  }
  await eventually(async () => expect((await doctor())('Gateway')?.state).toBe('ok'), 60_000)
})

test('a gateway that works without the mailer is no gateway in order', async () => {
  const gateway = createServer((_request, response) => {
    response.end('{"status":"ok","checks":{"persistence":"ok","mailer":"unavailable"}}')
  }).listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  onTestFinished(() => void gateway.close())
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
  const { exitCode, stdout } = await runHere(['doctor', '--json'], {
    env: { HOME: home, PATH: '', EMAILAUTH_URL: url, EMAILAUTH_API_KEY: 'ea_x' },
  })
  expect(exitCode).toBe(1)
  expect(JSON.parse(stdout).checks).toContainEqual(
    expect.objectContaining({ name: 'Gateway', state: 'fail', detail: `${url}: ready without mailer` }),
  )
})

test('the embedded Redis of a running system is found', async () => {
  const bare = await mkdtemp(join(tmpdir(), 'emailauth-bare-'))
  await symlink(process.execPath, join(bare, 'node'))
  onTestFinished(() => rm(bare, { recursive: true }))
  const embedded = await startSystem({ env: { PATH: bare } })
  onTestFinished(() => embedded.stop())
  // On a busy machine it may not answer within the 2 s that the doctor gives it.
  await eventually(async () => {
    const { stdout, stderr } = await runHere(['doctor', '--json'], {
      env: { EMAILAUTH_HOME: embedded.home, PATH: bare },
    })
    const redis = JSON.parse(stdout).checks.find(({ name }: { name: string }) => name === 'Redis')
    expect(redis, stdout + stderr).toMatchObject({ state: 'ok' })
  }, 60_000)
})
