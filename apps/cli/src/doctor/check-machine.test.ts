import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkBuild, checkNode, checkRedisProgram } from './check-machine.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-cli-'))
})
afterEach(() => rm(folder, { recursive: true }))

test.each([
  ['18.20.0', 'fail'],
  ['20.18.3', 'fail'],
  ['20.20.2', 'warn'],
  ['21.7.0', 'fail'],
  ['22.11.0', 'fail'],
  ['22.12.0', 'ok'],
  ['24.0.0', 'ok'],
  ['26.1.0', 'ok'],
])('Node %s: %s', (version, state) => {
  expect(checkNode(version).state).toBe(state)
})

test.each([
  ['Redis server v=7.0.15 sha=0', 'ok'],
  ['Server v=8.1.0 sha=0', 'ok'],
  ['Redis server v=6.2.0 sha=0', 'warn'],
  ['what?', 'warn'],
])('a program that says %j: %s', async (says, state) => {
  const file = join(folder, 'valkey-server')
  await writeFile(file, `#!/bin/sh\necho '${says}'\n`)
  await chmod(file, 0o755)
  expect((await checkRedisProgram(undefined, folder)).state).toBe(state)
})

test('without a program there is a warning; with a URL none is needed', async () => {
  expect((await checkRedisProgram(undefined, folder)).fix).toContain('Install Redis')
  expect((await checkRedisProgram('redis://h', undefined)).state).toBe('ok')
})

test('what is not built is named', async () => {
  expect((await checkBuild(folder)).detail).toBe('not built: persistence, mailer, inbox, gateway, serve')
})
