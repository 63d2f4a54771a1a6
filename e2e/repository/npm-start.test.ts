import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { afterEach, expect, test } from 'vitest'
import { descendantsOf, isRunning } from '../system/processes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const CLI = join(root, 'apps/cli/bin/emailauth.js')

let folder: string | undefined
let npm: ChildProcess | undefined
let started = new Set<number>()
afterEach(async () => {
  for (const pid of started) if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  npm?.kill('SIGKILL')
  started = new Set()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

/** `npm start` of a package whose script runs these steps as that of the repository does. */
async function npmStart(steps: readonly object[]) {
  folder = await mkdtemp(join(tmpdir(), 'emailauth-npm-start-'))
  const runSteps = JSON.stringify(join(root, 'scripts/setup/run-steps.mjs'))
  const script = `import { runSteps } from ${runSteps}\nawait runSteps(${JSON.stringify(steps)}, {})\n`
  await writeFile(join(folder, 'start.mjs'), script)
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const start = scripts.start.replace('scripts/setup/start.mjs', 'start.mjs')
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', scripts: { start } }))
  const names = ['GATEWAY', 'PERSISTENCE', 'MAILER', 'INBOX', 'SMTP']
  const ports = await Promise.all(
    names.map(async (name) => [`EMAILAUTH_${name}_PORT`, String(await freePort())]),
  )
  npm = spawn('npm', ['start', '--offline'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, EMAILAUTH_HOME: folder, ...Object.fromEntries(ports) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [npm.stdout, npm.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  return { npm, ended: once(npm, 'exit'), output: () => output }
}

const running = () => [...started].filter(isRunning)

// Docker, CI and `kill` signal one process, npm. A terminal signals all of them.
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

test.runIf(process.platform === 'linux').each(SIGNALS)(
  '%s to npm start while it builds ends the build, and nothing begins after it',
  async (signal) => {
    const grandchild = 'setTimeout(() => {}, 600_000)'
    const step = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}]); setTimeout(() => {}, 600_000)`
    const { npm, ended, output } = await npmStart([
      { args: ['-e', step] },
      { args: ['-e', "console.log('the next step')"], isGraceful: true },
    ])
    await eventually(async () => {
      started = new Set(await descendantsOf(npm))
      // The script, its step, and what the step started.
      expect(started.size).toBeGreaterThanOrEqual(3)
    }, 30_000)
    npm.kill(signal)
    await ended
    await eventually(() => expect(running()).toEqual([]), 30_000)
    expect(output()).not.toContain('the next step\n')
  },
)

// What is started does not depend on the signal, and `serve` takes a third of the CPU of `up`.
test.runIf(process.platform === 'linux').each([
  ['SIGTERM', 'up', 7],
  ['SIGINT', 'serve', 5],
  ['SIGHUP', 'serve', 5],
] as const)(
  '%s to npm start ends emailauth %s, its services and its Redis',
  async (signal, command, programs) => {
    const { npm, ended, output } = await npmStart([
      { args: ['-e', ''] },
      { args: [CLI, command, '--json'], isGraceful: true },
    ])
    await eventually(() => expect(output()).toContain('"graphql"'), 60_000)
    started = new Set(await descendantsOf(npm))
    // The script, the CLI, Redis and the services.
    expect(started.size).toBeGreaterThanOrEqual(programs)
    npm.kill(signal)
    await ended
    await eventually(() => expect(running()).toEqual([]), 30_000)
  },
  180_000,
)
