import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chooseRedis } from './redis-choice.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-choice-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function program(name: string, mode = 0o755, sub = '.') {
  await mkdir(join(folder, sub), { recursive: true })
  await writeFile(join(folder, sub, name), '#!/bin/sh\n')
  await chmod(join(folder, sub, name), mode)
}
const choose = (options: { redisUrl?: string; production?: boolean; path?: string } = {}) =>
  chooseRedis({ redisUrl: undefined, production: false, path: folder, ...options })

test('the URL stands before everything', async () => {
  await program('redis-server')
  expect(await choose({ redisUrl: 'redis://h', production: true })).toEqual({
    kind: 'given',
    url: 'redis://h',
  })
})

test('else a program on the PATH, redis-server before valkey-server', async () => {
  await program('valkey-server')
  expect(await choose({ production: true })).toEqual({ kind: 'binary', file: join(folder, 'valkey-server') })
  await program('redis-server', 0o755, 'later')
  const path = ['', folder, join(folder, 'later')].join(delimiter)
  expect(await choose({ path })).toEqual({ kind: 'binary', file: join(folder, 'later', 'redis-server') })
})

test('what cannot be run is no program', async () => {
  await program('redis-server', 0o644)
  // Root may run nothing that nobody may run.
  expect(await choose()).toEqual({ kind: 'embedded' })
})

test('the embedded one is the last choice, and none in production', async () => {
  expect(await choose()).toEqual({ kind: 'embedded' })
  expect(await choose({ path: '' })).toEqual({ kind: 'embedded' })
  await expect(choose({ production: true })).rejects.toThrow('not for production')
})
