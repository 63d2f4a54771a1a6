import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@emailauth/testing/eventually'
import { afterEach, expect, test } from 'vitest'
import { descendantsOf, isRunning } from '../system/processes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let folder: string | undefined
let asked: ChildProcess | undefined
let started = new Set<number>()
afterEach(async () => {
  for (const pid of started) if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  asked?.kill('SIGKILL')
  started = new Set()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

/** It ends half a second after it was asked to, as a server does that first answers its last requests. */
const SERVER = `
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => setTimeout(() => process.exit(), 500))
setInterval(() => {}, 1000)
console.log('a server runs')
`

const SERVERS = `
import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
mkdtempSync(join(tmpdir(), 'left-behind-'))
for (let i = 0; i < 2; i++) spawn(process.execPath, ['server.mjs'], { stdio: 'inherit' })
`

/** What the commands run in the end: here two servers, in place of test runners or services. */
const BELOW = {
  test: ['scripts/test/steps.mjs', SERVERS],
  repeat: ['scripts/test/repeat-test.mjs', SERVERS],
  dev: [
    'scripts/dev/watch.mjs',
    `
import { runTogether } from './run-together.mjs'
const server = { file: 'server.mjs', args: [], cwd: process.cwd(), env: process.env }
process.exit(await runTogether([server, server]))
`,
  ],
} as const

/** The repository's own scripts around them. */
async function repositoryWith([path, text]: readonly [string, string]): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'emailauth-npm-signals-'))
  folder = made
  await cp(join(root, 'package.json'), join(made, 'package.json'))
  for (const each of ['scripts', 'apps/cli/bin'])
    await cp(join(root, each), join(made, each), { recursive: true })
  await writeFile(join(made, 'scripts/setup/prepare.mjs'), '')
  await writeFile(join(made, path), text)
  await writeFile(join(made, 'server.mjs'), SERVER)
  return made
}

test
  .runIf(process.platform === 'linux')
  .each(
    (['test', 'repeat', 'dev'] as const).flatMap((command) =>
      (['SIGINT', 'SIGTERM'] as const).flatMap((signal) =>
        (['npm', 'the script'] as const).map((whom) => [signal, whom, command] as const),
      ),
    ),
  )('%s to %s alone: npm run %s ends all that it started, and then itself', async (signal, whom, command) => {
  const cwd = await repositoryWith(BELOW[command])
  const script = command === 'dev' ? 'scripts/dev/dev.mjs' : `scripts/test/${command}.mjs`
  const [program, args] = whom === 'npm' ? ['npm', ['run', command]] : [process.execPath, [script]]
  const temp = join(cwd, 'temp')
  await mkdir(temp)
  const child = spawn(program, args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: cwd,
      TMPDIR: temp,
      npm_config_update_notifier: 'false',
      // From Node 22 on npm keeps its compiled code in the folder of temporary files.
      NODE_DISABLE_COMPILE_CACHE: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  asked = child
  const ended = once(child, 'exit')
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  await eventually(() => expect(output.match(/a server runs/g)).toHaveLength(2), 30_000)
  started = new Set(await descendantsOf(child))
  child.kill(signal)
  await ended
  expect([...started].filter(isRunning)).toEqual([])
  expect(await readdir(temp)).toEqual([])
})
