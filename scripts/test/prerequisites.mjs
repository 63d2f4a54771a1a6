// Programs that the tests need and npm does not bring: Redis, a browser, openssl for certificates, Python for
// its client.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { env, runOrExit } from '../setup/setup.mjs'
import { installMailServers } from './mail-servers.mjs'

/** Debian's packages and their programs. The first is enough for the tests, and smaller. */
const BROWSERS = ['chromium-headless-shell', 'chromium']

const onPath = (command) => spawnSync('which', [command], { env }).status === 0

/**
 * Installs what is missing: by apt on Debian as root, else the browser by Playwright. If it cannot, it says
 * what to install.
 */
export function installPrerequisites() {
  installMailServers()
  const missing = []
  if (!onPath('redis-server')) missing.push('redis-server')
  if (!BROWSERS.some(onPath) && !playwrightBrowser()) missing.push(BROWSERS[0])
  if (!onPath('openssl')) missing.push('openssl')
  if (!onPath('python3')) missing.push('python3')
  const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0
  // Elsewhere the one test that uses it is skipped.
  if (isDebianRoot && spawnSync('python3', ['-c', 'import requests'], { env }).status !== 0)
    missing.push('python3-requests')
  if (missing.length === 0) return
  if (isDebianRoot) {
    process.stderr.write(`Installing ${missing.join(' and ')} (once)…\n`)
    runOrExit('apt-get', ['update', '-qq'], { quiet: true })
    runOrExit('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { quiet: true })
    return
  }
  const programs = missing.filter((name) => name !== BROWSERS[0])
  if (programs.length > 0) {
    process.stderr.write(
      `The tests need ${programs.join(' and ')} on the PATH (redis-server in version 7 or newer); please install them.\n`,
    )
    process.exit(1)
  }
  process.stderr.write('Fetching a browser for the end-to-end tests (once)…\n')
  runOrExit('pnpm', ['--filter', '@emailauth/e2e', 'exec', 'playwright', 'install', 'chromium'], {
    quiet: true,
  })
}

function playwrightBrowser() {
  const script = "process.stdout.write(require('playwright').chromium.executablePath())"
  const asked = spawnSync(process.execPath, ['-e', script], {
    cwd: new URL('../../e2e', import.meta.url),
    env,
    encoding: 'utf8',
  })
  return asked.status === 0 && existsSync(asked.stdout)
}
