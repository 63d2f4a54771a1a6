// Real mail servers for the mailer's tests, unpacked from Debian packages into this repository. Debian allows
// only one of them to be installed, and none should run as a service here. Haraka comes from npm.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { env, root } from '../setup/setup.mjs'

const folder = join(root, 'node_modules', '.cache', 'mail-servers')
const HARAKA = 'Haraka@3.3.4'
/** The packages of each server, in the order in which they may overwrite each other. */
const SERVERS = {
  postfix: ['postfix', 'postgrey', 'sasl2-bin'],
  exim: ['exim4-base', 'exim4-daemon-light'],
  opensmtpd: ['opensmtpd'],
}

/**
 * Works only on Debian as root: these servers start as root and drop their rights. Elsewhere the tests are
 * skipped and say so.
 */
export function installMailServers() {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return
  const missing = Object.keys(SERVERS).filter((name) => !existsSync(join(folder, name)))
  if (missing.length > 0) unpack(missing)
  if (!existsSync(join(folder, 'haraka'))) installHaraka()
}

function unpack(names) {
  process.stderr.write(`Fetching mail servers for the tests (once): ${names.join(', ')}…\n`)
  const downloads = join(folder, 'downloads')
  rmSync(downloads, { recursive: true, force: true })
  mkdirSync(downloads, { recursive: true })
  const packages = names.flatMap((name) => SERVERS[name])
  // Without these packages the tests are skipped.
  if (!run('apt-get', ['update', '-qq']) || !run('apt-get', ['download', '-qq', ...packages], downloads))
    return
  const files = readdirSync(downloads)
  const libraries = new Set(files.flatMap((file) => librariesOf(join(downloads, file))))
  if (!run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'libsasl2-modules', ...libraries]))
    return
  for (const name of names) {
    const unpacked = join(folder, `${name}.new`)
    rmSync(unpacked, { recursive: true, force: true })
    for (const one of SERVERS[name]) {
      const file = files.find((path) => path.startsWith(`${one}_`))
      if (file === undefined || !run('dpkg-deb', ['-x', join(downloads, file), unpacked])) return
    }
    renameSync(unpacked, join(folder, name))
  }
  rmSync(downloads, { recursive: true, force: true })
}

/** The packages of the libraries that a program needs, without those that set it up. */
function librariesOf(file) {
  const { stdout } = spawnSync('dpkg-deb', ['-f', file, 'Depends'], { encoding: 'utf8' })
  return stdout.split(',').flatMap((one) => one.trim().match(/^lib[a-z0-9.+-]+/g) ?? [])
}

function installHaraka() {
  process.stderr.write('Fetching Haraka for the tests (once)…\n')
  const unpacked = join(folder, 'haraka.new')
  mkdirSync(unpacked, { recursive: true })
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', unpacked, HARAKA]
  // Without it its test is skipped.
  if (!run('npm', install, unpacked)) return
  renameSync(unpacked, join(folder, 'haraka'))
}

function run(command, args, cwd = root) {
  return (
    spawnSync(command, args, { cwd, env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'ignore' })
      .status === 0
  )
}

if (process.argv[1]?.endsWith('mail-servers.mjs')) installMailServers()
