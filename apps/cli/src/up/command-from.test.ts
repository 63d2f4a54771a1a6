import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandFrom } from './command-from.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const run = promisify(execFile)
const credentials = JSON.stringify({ url: 'http://127.0.0.1:9', apiKey: 'ea_x', inboxUrl: null })

let elsewhere: string
beforeAll(async () => {
  elsewhere = await realpath(await mkdtemp(join(tmpdir(), "emailauth it's ")))
  await mkdir(join(elsewhere, 'home of it'))
  await writeFile(join(elsewhere, 'home of it', 'credentials.json'), credentials)
})
afterAll(() => rm(elsewhere, { recursive: true }))

/** The credentials that the next step finds, typed where it was printed, in a shell without our variables. */
async function found(folder: string, env: Record<string, string>): Promise<string> {
  const command = commandFrom({ env, folder, root })
  const { HOME, PATH } = process.env
  const { stdout } = await run('sh', ['-c', `${command} config --json`], { cwd: folder, env: { HOME, PATH } })
  return resolve(folder, JSON.parse(stdout).credentials)
}

test('the next step works from where it is printed, with a data folder of its own too', async () => {
  const home = join(elsewhere, 'home of it')
  const file = join(home, 'credentials.json')
  expect(await found(elsewhere, { EMAILAUTH_HOME: home })).toBe(file)
  expect(await found(elsewhere, { EMAILAUTH_HOME: 'home of it' })).toBe(file)
  expect(await found(join(root, 'apps/cli'), { EMAILAUTH_HOME: home })).toBe(file)
  expect(await found(root, { EMAILAUTH_HOME: home })).toBe(file)
})

test('without one it names that of the clone where it must', () => {
  const from = (folder: string) => commandFrom({ env: {}, folder, root: '/clone/' })
  expect(from('/clone')).toBe('npx emailauth')
  expect(from('/clone/apps/cli')).toBe('node /clone/apps/cli/bin/emailauth.js')
  expect(from('/elsewhere')).toBe('EMAILAUTH_HOME=/clone/.emailauth node /clone/apps/cli/bin/emailauth.js')
})
