import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@emailauth/client'
import { freePorts, isReady, mailedNumber } from '../build/running-system.mjs'
import { root } from '../setup/setup.mjs'
import { TARGETS } from './build.mjs'
import { startContainer } from './container.mjs'
import { run } from './programs.mjs'

const NO_ROOT = '65532:65532'

const say = (text) => process.stdout.write(`${text}\n`)

/** Starts every service on a real Redis and brings one number through them: register, mail, verify. */
export async function checkSystem(images) {
  for (const image of images) checkImage(image)
  const started = []
  try {
    await checkRound(images, started)
  } finally {
    for (const stop of started.reverse()) await stop()
  }
}

function checkImage({ target, config, mount }) {
  assert.equal(config.User, NO_ROOT, `${target} must not be root, by number`)
  assert.deepEqual(config.Cmd, [TARGETS[target]])
  for (const tool of ['bin/sh', 'bin/bash', 'usr/bin/npm', 'app/node_modules'])
    assert.ok(!existsSync(join(mount, tool)), `${target} has ${tool}`)
}

async function checkRound(images, started) {
  const built = (target) => images.find((image) => image.target === target)
  /** The image of a service, or `all` with the command of that service where only `all` was built. */
  const of = (target) => {
    const { config, mount } = built('all')
    return built(target) ?? { target, config: { ...config, Cmd: [target] }, mount }
  }
  const [redis, persistence, mailer, gateway, all, serve, smtp, page] = await freePorts(8)
  const password = randomBytes(16).toString('hex')
  const secretKeys = `xchacha20-poly1305:${randomBytes(32).toString('base64')}`
  const serviceToken = randomBytes(16).toString('hex')
  const shared = { EMAILAUTH_SERVICE_TOKEN: serviceToken, EMAILAUTH_LOG_LEVEL: 'warn' }
  const redisUrl = `redis://:${password}@127.0.0.1:${redis}`
  const gatewayEnv = {
    ...shared,
    EMAILAUTH_PERSISTENCE_URL: `http://127.0.0.1:${persistence}`,
    EMAILAUTH_MAILER_URL: `http://127.0.0.1:${mailer}`,
    EMAILAUTH_PUBLIC_URL: 'https://auth.example.com',
  }

  startProgram('redis-server', [
    '--port',
    redis,
    '--requirepass',
    password,
    '--save',
    '',
    '--bind',
    '127.0.0.1',
  ])
  startProgram(process.execPath, [join(root, 'apps/inbox/dist/main.js')], {
    EMAILAUTH_SMTP_PORT: String(smtp),
    EMAILAUTH_INBOX_PORT: String(page),
    EMAILAUTH_LOG_LEVEL: 'warn',
  })
  await isReady(page)
  const ofPersistence = await start(of('persistence'), persistence, {
    ...shared,
    EMAILAUTH_PERSISTENCE_PORT: String(persistence),
    EMAILAUTH_REDIS_URL: redisUrl,
    EMAILAUTH_SECRET_KEYS: secretKeys,
  })
  const mail = {
    EMAILAUTH_SMTP_URL: `smtp://127.0.0.1:${smtp}?starttls=none`,
    EMAILAUTH_MAIL_FROM: 'Example <no-reply@example.com>',
  }
  await start(of('mailer'), mailer, {
    ...shared,
    ...mail,
    EMAILAUTH_MAILER_PORT: String(mailer),
    EMAILAUTH_REDIS_URL: redisUrl,
    EMAILAUTH_MAILER_KEYS: run(process.execPath, [join(root, 'scripts/mailer-keys.mjs')], {
      env: { EMAILAUTH_SECRET_KEYS: secretKeys },
    }),
  })
  await start(of('gateway'), gateway, { ...gatewayEnv, EMAILAUTH_GATEWAY_PORT: String(gateway) })
  const gateways = [gateway]
  if (built('gateway')) {
    await start(of('all'), all, { ...gatewayEnv, EMAILAUTH_GATEWAY_PORT: String(all) })
    gateways.push(all)
  }

  // The same image as all three services in one program, in two processes.
  const together = { ...shared, ...mail, EMAILAUTH_REDIS_URL: redisUrl, EMAILAUTH_SECRET_KEYS: secretKeys }
  const ofServe = { EMAILAUTH_GATEWAY_PORT: String(serve), EMAILAUTH_PROCESSES: '2' }
  await start(of('all'), serve, { ...together, ...ofServe }, ['serve'])

  const apiKey = createKey(ofPersistence)
  for (const port of [...gateways, serve]) {
    const client = createClient({ url: `http://127.0.0.1:${port}`, apiKey })
    const email = `ada.${port}@example.com`
    const registered = await client.register({ email, token: `token of ${email}` })
    const number = await mailedNumber(page, email)
    const verified = await client.verify({ number })
    assert.equal(verified.token, `token of ${email}`, JSON.stringify({ registered, verified }))
    const again = await client.verify({ number })
    assert.notEqual(again.token, verified.token)
  }
  const dashboard = await fetch(`http://127.0.0.1:${gateway}/admin/`)
  assert.equal(dashboard.status, 200)
  say('A number was registered, mailed and verified through each gateway and serve.')

  function startProgram(program, args, env = {}) {
    const child = spawn(program, args.map(String), {
      env: { PATH: process.env.PATH, ...env },
      stdio: 'ignore',
    })
    started.push(async () => child.kill())
  }

  async function start(image, port, env, command = image.config.Cmd) {
    const container = startContainer(image, { env, command })
    let isRunning = true
    started.push(() => isRunning && container.stop())
    const begun = performance.now()
    await isReady(port, () =>
      container.hasEnded() ? `${image.target} has ended: ${container.output()}` : undefined,
    )
    const readyMs = Math.round(performance.now() - begun)
    checkConfinement(image, container)
    say(`${image.target}: ready in ${readyMs} ms as user ${NO_ROOT}, read-only, health check passes`)
    started.push(async () => {
      isRunning = false
      assert.equal(await container.stop(), 0, `${image.target} ended badly: ${container.output()}`)
    })
    return container
  }
}

/** An API key of the tenant `demo`, made as the docs say: by the command line, where persistence runs. */
function createKey(container) {
  const create = ['keys', 'create', '--tenant', 'demo', '--name', 'script', '--local', '--json']
  const { status, stdout, stderr } = container.exec(['emailauth', ...create])
  assert.equal(status, 0, `emailauth keys create failed: ${stderr}`)
  return JSON.parse(stdout).key
}

/** What the kernel says of the running process, and what the health check of the image says. */
function checkConfinement({ target, config }, container) {
  const status = readFileSync(`/proc/${container.pid()}/status`, 'utf8')
  assert.match(status, /^Uid:\t65532\t65532\t65532\t65532$/m)
  assert.match(status, /^Gid:\t65532\t65532\t65532\t65532$/m)
  assert.match(status, /^CapEff:\t0+$/m)
  assert.match(status, /^CapPrm:\t0+$/m)
  assert.match(status, /^NoNewPrivs:\t1$/m)
  const node = config.Entrypoint[0]
  const written = container.exec([node, '-e', "require('fs').writeFileSync('/app/x', '')"])
  assert.match(written.stderr, /EROFS/, `${target} could write to its root`)
  const [kind, ...check] = config.Healthcheck.Test
  assert.equal(kind, 'CMD')
  const health = container.exec(check)
  assert.equal(health.status, 0, `the health check of ${target} failed: ${health.stderr}`)
}
