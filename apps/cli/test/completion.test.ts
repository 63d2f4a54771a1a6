import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runCli } from './run-cli.ts'

test('a reader that has seen enough is no error', async () => {
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
  const child = spawn(process.execPath, [main, 'completion', 'bash'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [exitCode] = await once(child, 'close')
  expect([exitCode, stderr]).toEqual([0, ''])
})

test.each(['bash', 'zsh', 'fish', 'powershell'])('completion for %s', async (shell) => {
  const { exitCode, stdout } = await runCli(['completion', shell])
  expect(exitCode).toBe(0)
  expect(stdout).toContain('emailauth')
})

test('completion knows commands and options', async () => {
  expect((await runCli(['complete', '--', 're'])).stdout).toMatch(/^register\t/)
  expect((await runCli(['complete', '--', 'register', '--l'])).stdout).toMatch(/^--locale\t/)
})
