import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@emailauth/testing/eventually'
import { skipPauses } from '@emailauth/testing/pauses'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeIfStill, takeLock } from './lock.ts'
import { markOf } from './process-mark.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'emailauth-lock-'))
})
afterEach(() => rm(home, { recursive: true }))

test('only one has the folder; released, the next may have it, and nothing is left behind', async () => {
  const lock = await takeLock(home)
  await expect(takeLock(home)).rejects.toThrow(`(process ${process.pid}) uses the data folder ${home}`)
  await lock.release()
  const next = await takeLock(home)
  expect([lock.tookOver, next.tookOver]).toEqual([false, false])
  await next.release()
  await next.release()
  expect(await readdir(home)).toEqual([])
})

test('of many that start at once exactly one gets it', async () => {
  const taken = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(home)))
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await readdir(home)).toEqual(['up.lock'])
})

test('of many that find a stale lock at once exactly one takes it over', async () => {
  // Few enough for the threads that read files: on a starved machine 20 take longer than a lock settles.
  for (let round = 0; round < 5; round++) {
    await writeFile(join(home, 'up.lock'), 'stale')
    const taken = await Promise.allSettled(Array.from({ length: 4 }, () => takeLock(home)))
    const [winner, ...others] = taken.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(others).toEqual([])
    await winner?.release()
    expect(await readdir(home)).toEqual([])
  }
})

test('a stale lock is removed, and one that took its place meanwhile is given back', async () => {
  const path = join(home, 'up.lock')
  await writeFile(path, 'of a quicker start')
  await removeIfStill(path, 'stale')
  expect([await readdir(home), await readFile(path, 'utf8')]).toEqual([['up.lock'], 'of a quicker start'])
  await removeIfStill(path, 'of a quicker start')
  expect(await readdir(home)).toEqual([])
  await removeIfStill(path, 'stale')
})

test('a start whose lock a slower one replaced gives way', async () => {
  const path = join(home, 'up.lock')
  const taking = takeLock(home)
  await eventually(async () => expect(await readFile(path, 'utf8')).toContain(`"pid":${process.pid},`))
  await writeFile(path, JSON.stringify(await markOf(process.ppid)))
  await expect(taking).rejects.toThrow(`(process ${process.ppid})`)
  expect(await readFile(path, 'utf8')).toContain(`"pid":${process.ppid},`)
})

test('a start whose lock is away for five seconds gives way', async () => {
  const pauses = skipPauses({ meanwhile: () => rm(join(home, 'up.lock'), { force: true }) })
  await expect(takeLock(home)).rejects.toThrow(`uses the data folder ${home}`)
  expect(pauses).toEqual(Array(50).fill(100))
})

test('the lock of a dead process is taken over', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  await takeLock(home, child.pid)
  await expect(takeLock(home)).rejects.toThrow(`process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect((await takeLock(home)).tookOver).toBe(true)
})

test('a process that was given the pid of a dead one does not hold its lock', async () => {
  const mark = await markOf(process.pid)
  await writeFile(join(home, 'up.lock'), JSON.stringify({ ...mark, startedAt: `${mark.startedAt}0` }))
  expect((await takeLock(home)).tookOver).toBe(true)
})

test.each(['', '{', '{"pid":"1"}', '{"pid":-1,"startedAt":""}', 'null'])(
  'a lock that reads %j is stale',
  async (text) => {
    await writeFile(join(home, 'up.lock'), text)
    expect((await takeLock(home)).tookOver).toBe(true)
  },
)
