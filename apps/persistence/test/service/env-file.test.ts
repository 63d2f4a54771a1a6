import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually, START_MS } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv } from '@emailauth/testing/services'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

test('a service that is started alone reads .env of its folder, and warns of what it does not use; the environment wins', async () => {
  const redis = await startRedis()
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-alone-'))
  const [port, notThis] = [await freePort(), await freePort()]
  const { EMAILAUTH_ENV_FILE: _, ...variables } = sharedEnv(`${redis.url}?family=0`)
  const lines = Object.entries({ ...variables, EMAILAUTH_PERSISTENCE_PORT: String(notThis) })
  await writeFile(join(folder, '.env'), lines.map(([name, value]) => `${name}=${value}\n`).join(''))
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: { PATH: process.env.PATH, EMAILAUTH_PERSISTENCE_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const ended = once(child, 'exit')
  try {
    await eventually(async () => {
      const { status } = await fetch(`http://127.0.0.1:${port}/readyz`)
      expect(status).toBe(200)
    }, START_MS).catch((cause) => {
      throw new Error(`It is not ready:\n${output}`, { cause })
    })
    expect(output.match(/Options after \? are not used/g)).toHaveLength(1)
  } finally {
    child.kill()
    await ended
    await redis.stop()
    await rm(folder, { recursive: true })
  }
})
