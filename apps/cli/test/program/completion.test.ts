import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

test('a reader that has seen enough is no error', async () => {
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
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
  expect((await runCli(['complete', '--', 're'])).stdout).toMatch(/^register\t/m)
  expect((await runCli(['complete', '--', 'register', '--l'])).stdout).toMatch(/^--locale\t/)
})

test('the script for bash is sourced twice, without bash-completion, and completes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-bash-'))
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
  await writeFile(join(folder, 'emailauth'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, {
    mode: 0o755,
  })
  const commands = `
    set -eu
    source <(emailauth completion bash); source <(emailauth completion bash)
    COMP_WORDS=(emailauth reg); COMP_CWORD=1; __emailauth_complete; echo "\${COMPREPLY[*]}"
    COMP_WORDS=(emailauth register --lo); COMP_CWORD=2; __emailauth_complete; echo "\${COMPREPLY[*]}"
    COMP_WORDS=(emailauth '$(touch ${folder}/evaluated)'); COMP_CWORD=1; __emailauth_complete; ls ${folder}
  `
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '--noprofile', '-c', commands], {
    env: { PATH: `${folder}:${process.env.PATH}` },
  })
  expect([stdout, stderr]).toEqual(['register\n--locale\nemailauth\n', ''])
  await rm(folder, { recursive: true })
})
