import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock } from './lock.ts'
import { readPlan } from './plan.ts'
import { asRunning, forgetRunning, recordRunning } from './running.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'emailauth-running-'))
})
afterEach(() => rm(home, { recursive: true }))

const first = () => ({
  EMAILAUTH_HOME: home,
  EMAILAUTH_PERSISTENCE_PORT: '5001',
  EMAILAUTH_GATEWAY_PORT: '5000',
  EMAILAUTH_TLS_CERT: '/tls/cert.pem',
  EMAILAUTH_TLS_KEY: '/tls/key.pem',
})
const second = (more = {}) => ({ EMAILAUTH_HOME: home, ...more })
const seen = async (env: Record<string, string>) => {
  const { ports, tls } = await asRunning(readPlan(env, '/'), env)
  return [ports.gateway.port, ports.persistence.port, ports.mailer.port, tls?.cert]
}

test('a second terminal sees the ports and TLS files of the up that runs', async () => {
  const lock = await takeLock(home)
  await recordRunning(readPlan(first(), '/'))
  expect((await stat(join(home, 'running.json'))).mode & 0o777).toBe(0o600)
  expect(await seen(second())).toEqual([5000, 5001, 4002, '/tls/cert.pem'])
  expect(await seen(second({ EMAILAUTH_PERSISTENCE_PORT: '6001' }))).toEqual([
    5000,
    6001,
    4002,
    '/tls/cert.pem',
  ])
  await forgetRunning(readPlan(first(), '/'))
  expect(await seen(second())).toEqual([4000, 4001, 4002, undefined])
  await lock.release()
})

test('what an up that was killed or a damaged disk left counts for nothing', async () => {
  await recordRunning(readPlan(first(), '/'))
  expect(await seen(second())).toEqual([4000, 4001, 4002, undefined])
  const lock = await takeLock(home)
  for (const damaged of ['', '{', 'null', '[]', '{"ports":null}', '{"ports":{"gateway":"x"}}']) {
    await writeFile(join(home, 'running.json'), damaged)
    expect(await seen(second())).toEqual([4000, 4001, 4002, undefined])
  }
  await lock.release()
  expect(await readFile(join(home, 'running.json'), 'utf8')).not.toBe('')
})
