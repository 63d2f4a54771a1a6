import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { redisCli, redisClusterCli } from '@emailauth/testing/redis-cli'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { register, verify, WRONG } from '../calls.ts'
import { openStoreAt } from '../store.ts'
import { pageOnBackups, runLine } from './backup-page.ts'

/** What `redis-cli --cluster backup` writes beside the files. */
const nodesFile = z.array(z.object({ name: z.string(), slots: z.array(z.tuple([z.number(), z.number()])) }))

const NUMBERS = 60

test('a backup of a Cluster is restored onto new masters, and its numbers can be deleted at each', async () => {
  const page = await pageOnBackups()
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-backup-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const first = await startCluster()
  const before = await openStoreAt(first.url)
  const tenant = before.tenant()
  const registered = await Promise.all(
    Array.from({ length: NUMBERS }, (_, i) =>
      register(before.store, tenant, { email: `a${i}@example.com`, token: `kept ${i}` }),
    ),
  )
  const rules = page.match(/^ACL SETUSER .* \+cluster\|nodes .*$/m)?.[0].split(' ') ?? []
  for (const { port } of first.nodes) await redisCli(port, ...rules)
  const [, options = ''] = /^redis-cli --cluster (backup HOST:PORT .*)$/m.exec(page) ?? []
  const backup = options.replace('HOST:PORT', `127.0.0.1:${first.nodes[0]?.port}`)
  await redisClusterCli(
    ...backup.replace('/backup/emailauth', folder).split(' '),
    ...['--user', 'emailauth-backup', '--pass', 'PASSWORD', '--no-auth-warning'],
  )
  await before.close()
  await first.stop()

  const masters = await restoredMasters(folder, page)
  const after = await openStoreAt(masters.map(({ url }) => url).join(','), { secret: before.secret })
  onTestFinished(() => after.close())
  const half = registered.slice(NUMBERS / 2)
  for (const [i, { number }] of registered.slice(0, NUMBERS / 2).entries())
    expect(await verify(after.store, tenant, number)).toMatchObject({ verification: { token: `kept ${i}` } })

  const deleteNumbers = page.match(/^redis-cli .*'ea:\{\*\}.*$/m)?.[0] ?? ''
  for (const { port } of masters) await runLine(deleteNumbers, port)
  for (const { number } of half) expect(await verify(after.store, tenant, number)).toEqual(WRONG)
})

/** Does what the page says, with the files of a backup. */
async function restoredMasters(folder: string, page: string): Promise<TestRedis[]> {
  const [, addSlots = ''] = /^redis-cli -h NEW (CLUSTER ADDSLOTSRANGE) 0 5460$/m.exec(page) ?? []
  const [, meet = ''] = /^redis-cli -h NEW (CLUSTER MEET) IP-OF-ANOTHER PORT$/m.exec(page) ?? []
  const files = await readdir(folder)
  const parts = nodesFile.parse(JSON.parse(await readFile(join(folder, 'nodes.json'), 'utf8')))
  const masters: TestRedis[] = []
  onTestFinished(async () => void (await Promise.all(masters.map((master) => master.stop()))))
  for (const { slots } of parts) {
    const busPort = await freePort()
    const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--appendonly', 'no']
    const master = await startRedis(...args)
    masters.push(master)
    await redisCli(master.port, ...addSlots.split(' '), ...slots.flat().map(String))
    const [one = master] = masters
    if (one !== master)
      await redisCli(one.port, ...meet.split(' '), '127.0.0.1', String(master.port), String(busPort))
  }
  await serving(masters)
  for (const [i, master] of masters.entries()) {
    const file = files.find((name) => name.includes(parts[i]?.name ?? '?')) ?? ''
    await redisCli(master.port, 'SHUTDOWN', 'NOSAVE')
    await copyFile(join(folder, file), join(master.folder, 'dump.rdb'))
  }
  await Promise.all(masters.map((master) => master.restart()))
  await serving(masters)
  return masters
}

async function serving(masters: readonly TestRedis[]): Promise<void> {
  for (const { port } of masters)
    await eventually(async () => {
      const info = await redisCli(port, 'CLUSTER', 'INFO')
      expect(info).toContain('cluster_state:ok')
      expect(info).toContain(`cluster_known_nodes:${masters.length}`)
    }, 20_000)
}
