// Runs "npm start" on other versions of Node, signs somebody in, and ends it:
// "node scripts/on-node.mjs 20 22 24 26".
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { root, runOrExit } from './setup/setup.mjs'

/** Installing and building may be part of it. */
const START_MS = 600_000
const ANSWER_MS = 60_000

/** There is no use in waiting any longer. */
class Ended extends Error {}

const versions = process.argv.slice(2)
if (versions.length === 0 || versions.some((version) => !/^\d+(\.\d+){0,2}$/.test(version))) {
  process.stderr.write('Say on which versions: node scripts/on-node.mjs 20 22 24 26\n')
  process.exit(64)
}
for (const version of versions) await tryOn(version)

async function tryOn(version) {
  const folder = mkdtempSync(join(tmpdir(), `emailauth-node-${version}-`))
  let npm
  try {
    // A package that is the program alone, without an install script.
    const program = `node-${process.platform}-${process.arch}`
    const args = [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      `${program}@${version}`,
    ]
    runOrExit('npm', args, { quiet: true, cwd: folder })
    const bin = join(folder, 'node_modules', program, 'bin')
    const env = {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      EMAILAUTH_HOME: join(folder, 'home'),
      EMAILAUTH_ENV_FILE: 'none',
      ...(await freePorts()),
    }
    const { stdout } = spawnSync('node', ['--version'], { env, encoding: 'utf8' })
    const began = performance.now()
    npm = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
    const ended = once(npm, 'exit')
    const credentials = await until(() => {
      if (npm.exitCode !== null) throw new Ended(`npm start ended with ${npm.exitCode}`)
      return JSON.parse(readFileSync(join(folder, 'home', 'credentials.json'), 'utf8'))
    }, START_MS)
    const readyMs = Math.round(performance.now() - began)
    await signIn(credentials)
    npm.kill('SIGTERM')
    await ended
    await until(() => expectClosed(credentials.url), ANSWER_MS)
    process.stdout.write(
      `Node ${stdout.trim()}: ready after ${readyMs} ms, a sign-in, and an end on SIGTERM.\n`,
    )
  } finally {
    if (npm?.exitCode === null) npm.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function signIn({ url, apiKey, inboxUrl }) {
  const email = `ada-${Date.now()}@example.com`
  const call = async (path, body) => {
    const reply = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
    return reply.json()
  }
  await call('/v1/registrations', { email, token: 'a token' })
  const number = await until(async () => {
    const found = await (await fetch(`${inboxUrl}/api/v1/search?query=to:${email}`)).json()
    const mail = await (await fetch(`${inboxUrl}/api/v1/message/${found.messages[0].ID}`)).json()
    return /\d{3,4}(?: \d{3,4})+/.exec(mail.Text)[0]
  }, ANSWER_MS)
  const { token } = await call('/v1/verifications', { number })
  if (token !== 'a token') throw new Error(`verify gave ${token}`)
}

async function expectClosed(url) {
  const answered = await fetch(`${url}/healthz`).then(
    () => true,
    () => false,
  )
  if (answered) throw new Error(`${url} still answers`)
}

async function until(check, withinMs) {
  const deadline = Date.now() + withinMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (error instanceof Ended || Date.now() > deadline) throw error
      await wait(200)
    }
  }
}

async function freePorts() {
  const names = ['GATEWAY', 'PERSISTENCE', 'MAILER', 'INBOX', 'SMTP']
  const servers = names.map(() => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => String(server.address().port))
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return Object.fromEntries(names.map((name, i) => [`EMAILAUTH_${name}_PORT`, ports[i]]))
}
