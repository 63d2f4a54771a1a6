// The end of this app's build, by which the other services are built. Runs all of them and `serve`, and each
// writes V8's code cache of all functions that it has called (docs/decisions/0046-a-code-cache-of-a-run.md).
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@emailauth/client'
import { build } from 'esbuild'
import {
  attachSession,
  createRedisCommandExecutor,
  RedisServerState,
  SocketConnectionTransport,
} from 'js-redis-server/core'
import { besideBundleOptions } from '../../../scripts/build/bundle-options.mjs'
import {
  createFirstKey,
  eventually,
  freePorts,
  isReady,
  mailedNumber,
} from '../../../scripts/build/running-system.mjs'

/** At the same time, so that their calls travel in batches. */
const PEOPLE = 4

const apps = fileURLToPath(new URL('../..', import.meta.url))
const serviceToken = randomBytes(32).toString('hex')
const [persistence, mailer, gateway, serve, inbox, smtp] = await freePorts(6)
const redis = await startRedis()

const common = {
  NODE_ENV: 'production',
  EMAILAUTH_ENV_FILE: 'none',
  EMAILAUTH_LOG_LEVEL: 'silent',
  EMAILAUTH_DRAIN_SECONDS: '0',
  EMAILAUTH_SERVICE_TOKEN: serviceToken,
}
const storing = {
  EMAILAUTH_REDIS_URL: `redis://127.0.0.1:${redis.address().port}`,
  // The faster cipher, so that its library is in the code caches.
  EMAILAUTH_SECRET_KEYS: `xchacha20-poly1305:${randomBytes(32).toString('base64')}`,
}
const mailing = {
  EMAILAUTH_SMTP_URL: `smtp://127.0.0.1:${smtp}`,
  EMAILAUTH_MAIL_FROM: 'emailauth <no-reply@localhost>',
}
const calling = {
  EMAILAUTH_PERSISTENCE_URL: `http://127.0.0.1:${persistence}`,
  EMAILAUTH_MAILER_URL: `http://127.0.0.1:${mailer}`,
}
// One after the other, so that a service answers in time on a busy machine, too.
const running = [
  await start('inbox', inbox, { EMAILAUTH_INBOX_PORT: inbox, EMAILAUTH_SMTP_PORT: smtp }),
  await start('persistence', persistence, { ...storing, EMAILAUTH_PERSISTENCE_PORT: persistence }),
  await start('mailer', mailer, { ...storing, ...mailing, EMAILAUTH_MAILER_PORT: mailer }),
  await start('gateway', gateway, { ...calling, EMAILAUTH_GATEWAY_PORT: gateway }),
  await start('serve', serve, { ...storing, ...mailing, EMAILAUTH_GATEWAY_PORT: serve }),
]
const apiKey = await createFirstKey(persistence, serviceToken)
for (const port of [gateway, serve]) await Promise.all(Array.from({ length: PEOPLE }, () => prove(port)))
// The gateways first, which call the others.
for (const { end } of running.reverse()) await end()
redis.close()

/** An embedded Redis, as that of `emailauth up`. */
async function startRedis() {
  const state = new RedisServerState()
  const executor = createRedisCommandExecutor()
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    attachSession(new SocketConnectionTransport(socket), { state, executor })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Starts a service with the program that writes its code cache when it ends. */
async function start(app, port, variables) {
  const folder = join(apps, app)
  // Bundles of earlier builds may lie beside it.
  const [bundle] = /service-\w+\.cjs/.exec(readFileSync(join(folder, 'dist/main.js'), 'utf8'))
  const program = join(folder, 'dist/write-warm-code-cache.js')
  await build(besideBundleOptions(folder, 'write-warm-code-cache.ts', program, bundle))
  // With a channel, because a service whose parent is gone ends.
  const child = spawn(process.execPath, [program], {
    env: { ...common, ...variables },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  await isReady(port, () => (child.exitCode === null ? undefined : `The ${app} does not start.`))
  return {
    async end() {
      child.kill('SIGTERM')
      const [code] = await ended
      if (code !== 0) throw new Error(`The ${app} ended with the code ${code}.`)
      rmSync(program)
    },
  }
}

/** Brings a number through a gateway. On a busy machine a call may come too late: then another number. */
async function prove(port) {
  let fault
  const attempt = () =>
    proveOnce(port).catch((error) => {
      fault = error
    })
  await eventually(attempt, () => `No number came through the gateway on port ${port}: ${fault}`)
}

/** Register, mail, verify. */
async function proveOnce(port) {
  const { register, verify } = createClient({ url: `http://127.0.0.1:${port}`, apiKey })
  const email = `${randomUUID()}@example.com`
  const token = `token of ${email}`
  await register({ email, token })
  const verified = await verify({ number: await mailedNumber(inbox, email) })
  if (verified.token !== token) throw new Error(`Its reply was ${JSON.stringify(verified)}`)
  return verified
}
