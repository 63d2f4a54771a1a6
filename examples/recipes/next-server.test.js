import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pack, runProgram } from '@emailauth/testing/packed'
import { startSystem } from '@emailauth/testing/system'
import { expect, test } from 'vitest'
import { createBrowser } from './browser.js'
import { passesRoundTrip } from './round-trip.js'

// The full form, `EMAILAUTH_FULL=1`: Next.js is 340 MB and no dependency of the workspace. recipes.test.js calls
// the same handlers without it.
const RECIPE = fileURLToPath(new URL('next', import.meta.url))

test.runIf(process.env.EMAILAUTH_FULL === '1')(
  'Next.js: the recipe, copied and built, signs in by its own server',
  async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'emailauth-next-'))
    const ends = [() => rm(folder, { recursive: true, force: true })]
    try {
      await cp(RECIPE, folder, { recursive: true })
      const { dependencies } = JSON.parse(await readFile(join(RECIPE, 'package.json'), 'utf8'))
      const others = Object.entries(dependencies).filter(([name]) => name !== '@emailauth/client')
      const npm = (...args) =>
        runProgram('npm', ['install', '--no-audit', '--no-fund', '--no-save', ...args], { cwd: folder })
      // Without its package.json, because the registry has no @emailauth/client yet.
      await rm(join(folder, 'package.json'))
      const fetched = await npm('--prefer-offline', ...others.map((pair) => pair.join('@')))
      if (fetched.code !== 0) return context.skip('Next.js cannot be installed')
      await cp(join(RECIPE, 'package.json'), join(folder, 'package.json'))
      const installed = await npm('--offline', await pack('packages/client', folder))
      expect(installed, installed.output).toMatchObject({ code: 0 })

      const production = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
      const next = join(folder, 'node_modules/next/dist/bin/next')
      // Without the key: a build must not need it.
      const built = await runProgram(process.execPath, [next, 'build'], { cwd: folder, env: production })
      expect(built, built.output).toMatchObject({ code: 0 })
      const system = await startSystem()
      ends.unshift(system.stop)
      const server = await startServer([next, 'start', '--port', '0', '--hostname', '127.0.0.1'], folder, {
        ...production,
        EMAILAUTH_URL: system.url,
        EMAILAUTH_API_KEY: system.apiKey,
        SESSION_PASSWORD: 'a secret of the tests, 32 characters or more',
      })
      ends.unshift(server.stop)
      await passesRoundTrip(createBrowser(`${server.url}/api`, fetch), 'next@example.com', system.numberFor)
    } finally {
      for (const end of ends) await end()
    }
  },
  600_000,
)

/** A program that prints its URL and "Ready" when it listens. */
async function startServer(args, cwd, env) {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let output = ''
  const url = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      output += chunk
      const [found] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(output) ?? []
      if (found !== undefined && /ready/i.test(output)) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    ended.then((code) => reject(new Error(`The server ended with ${code}: ${output}`)))
  })
  const stop = () => {
    child.kill()
    return ended
  }
  return { url, stop }
}
