import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '@emailauth/testing/packed'
import { startSystem } from '@emailauth/testing/system'
import { expect, test } from 'vitest'

// As the collection's README names it. Its 500 packages are no dependency of ours; they are fetched once.
const VERSION = '4.1.0'
const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, 'node_modules/.cache/bruno', VERSION)

test('the Bruno collection passes its tests in order', async (context) => {
  await mkdir(cache, { recursive: true })
  const install = [
    'install',
    '--prefix',
    cache,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
  ]
  const installed = await runProgram('npm', [...install, `@usebruno/cli@${VERSION}`])
  if (installed.code !== 0) return context.skip('@usebruno/cli cannot be installed')
  const { url, apiKey, inboxUrl, stop } = await startSystem()
  try {
    const variables = { url, apiKey, inboxUrl }
    const ended = await runProgram(
      join(cache, 'node_modules/.bin/bru'),
      [
        ...['run', '-r', '--env', 'development'],
        ...Object.entries(variables).flatMap(([name, value]) => ['--env-var', `${name}=${value}`]),
      ],
      { cwd: join(root, 'examples/bruno') },
    )
    expect(ended, ended.output).toMatchObject({ code: 0 })
    expect(ended.output).toMatch(/11 \(11 Passed\)/)
  } finally {
    await stop()
  }
}, 400_000)
