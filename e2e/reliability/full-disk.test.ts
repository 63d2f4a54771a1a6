import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from '@emailauth/testing/eventually'
import { redisCli } from '@emailauth/testing/redis-cli'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { report } from './form.ts'
import { audit, startLoad } from './load.ts'
import { startWorld, type World } from './world.ts'

const run = promisify(execFile)
const CALLERS = 4
const DISK_BYTES = 3 * 1024 * 1024
/** What is left for the append-only file: some dozens of sign-ins. */
const LEFT_BYTES = 256 * 1024
const SOON_MS = 60_000

let folder: string
/** A small disk of its own, where this machine lets us mount one. */
let disk: string | undefined
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-full-disk-'))
  const path = join(folder, 'disk')
  await mkdir(path)
  disk = await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', path]).then(
    () => path,
    () => undefined,
  )
})
afterAll(async () => {
  if (disk !== undefined) await run('umount', [disk])
  await rm(folder, { recursive: true })
})

const ready = (world: World) =>
  eventually(async () => expect((await fetch(`${world.gateways[0]?.url}/readyz`)).status).toBe(200), SOON_MS)

test.for([
  // Redis ends, and an operator starts it again.
  ['always', (world: World) => expect(redisCli(world.redis.port, 'ping')).rejects.toThrow()],
  // Redis refuses writes, and takes them again by itself.
  [
    'everysec',
    async (world: World) =>
      expect(await redisCli(world.redis.port, 'info', 'persistence')).toContain('aof_last_write_status:err'),
  ],
] as const)(
  'the disk of Redis gets full under load, appendfsync %s: with space again all that was acknowledged holds',
  async ([fsync, isFull], context) => {
    if (disk === undefined) return context.skip()
    const data = await mkdtemp(join(disk, 'redis-'))
    const world = await startWorld({
      pairs: 1,
      redis: ['--appendonly', 'yes', '--appendfsync', fsync, '--dir', data],
    })
    const filler = join(disk, 'filler')
    try {
      const key = await world.newTenant()
      const load = startLoad(world, key, CALLERS)
      await eventually(() => expect(load.ledger.used.length).toBeGreaterThan(CALLERS), SOON_MS)
      await writeFile(filler, Buffer.alloc(DISK_BYTES - LEFT_BYTES)).catch(() => {})
      await eventually(() => isFull(world), SOON_MS)
      await rm(filler)
      if (fsync === 'always') await world.redis.restart()
      await ready(world)
      const before = load.ledger.used.length
      await eventually(() => expect(load.ledger.used.length).toBeGreaterThan(before + CALLERS), SOON_MS)
      const ledger = await load.stop()
      const { lost, twice } = await audit(world, key, ledger)
      const acknowledged = [ledger.live, ledger.used, ledger.unknown, ledger.unmailed].flat().length
      report(`full disk, appendfsync ${fsync}`, { acknowledged, lost, twice, wrong: ledger.wrong.length })
      expect({ lost, twice, wrong: ledger.wrong }).toEqual({ lost: 0, twice: 0, wrong: [] })
    } finally {
      await world.stop()
      await rm(filler, { force: true })
      await rm(data, { recursive: true, force: true })
    }
  },
)
