import { randomBytes } from 'node:crypto'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { startGateway, startMailer, startPersistence, startServe } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { execute, read } from './deploy-files.ts'

type Environment = Readonly<Record<string, string>>

/** What an example sets, as systemd reads it, with secrets where it has none. */
async function example(service: string, secrets: Environment): Promise<Environment> {
  const unit = await read(`deploy/systemd/emailauth-${service}.service`)
  expect(unit).toContain(`EnvironmentFile=/etc/emailauth/${service}.env\n`)
  const lines = (await read(`deploy/systemd/${service}.env.example`)).matchAll(/^(\w+)=(.*)$/gm)
  const set = Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]))
  const empty = Object.keys(set).filter((name) => set[name] === '')
  const filled = Object.fromEntries(empty.map((name) => [name, secrets[name] ?? '']))
  return { ...set, ...filled, NODE_ENV: 'production', EMAILAUTH_ENV_FILE: 'none' }
}

async function newSecrets(): Promise<Environment> {
  const EMAILAUTH_SECRET_KEYS = `xchacha20-poly1305:${randomBytes(32).toString('base64')}`
  const { stdout } = await execute(process.execPath, ['scripts/mailer-keys.mjs'], {
    env: { EMAILAUTH_SECRET_KEYS },
    cwd: new URL('../..', import.meta.url),
  })
  const EMAILAUTH_SERVICE_TOKEN = randomBytes(32).toString('hex')
  return { EMAILAUTH_SERVICE_TOKEN, EMAILAUTH_SECRET_KEYS, EMAILAUTH_MAILER_KEYS: stdout.trim() }
}

/** A Redis with the users of docs/deployment/redis.md, and a password for others. */
async function startRedisWithUsers() {
  const server = keep(await startRedis())
  const redis = new Redis(server.url)
  onTestFinished(() => redis.disconnect())
  const page = await read('docs/deployment/redis.md')
  const users = [...page.matchAll(/^ACL SETUSER (.+)$/gm)].map(([, rules = '']) => rules.split(' '))
  expect(users).toHaveLength(2)
  for (const rules of users) await redis.call('ACL', 'SETUSER', ...rules)
  await redis.call('ACL', 'SETUSER', 'default', '>PASSWORD')
  return new URL(server.url)
}

/** The URL of the example, on the port of the test. */
function onPort(text = '', port: string): string {
  const url = new URL(text)
  url.port = port
  return url.href
}

test('services that systemd starts with the example files, filled in, are ready for work', async () => {
  const secrets = await newSecrets()
  const { port } = await startRedisWithUsers()
  const { url: relay } = keep(await startSmtp())
  const withRedis = async (service: string) => {
    const env = await example(service, secrets)
    return { ...env, EMAILAUTH_REDIS_URL: onPort(env.EMAILAUTH_REDIS_URL, port) }
  }
  const mailer = { ...(await withRedis('mailer')), EMAILAUTH_SMTP_URL: relay }
  const services = [
    keep(await startPersistence({ env: await withRedis('persistence') })),
    keep(await startMailer({ env: mailer })),
  ]
  const gateway = await example('gateway', secrets)
  const ports = services.map(({ url }) => new URL(url).port)
  const env = {
    ...gateway,
    EMAILAUTH_PERSISTENCE_URL: onPort(gateway.EMAILAUTH_PERSISTENCE_URL, ports[0] ?? ''),
    EMAILAUTH_MAILER_URL: onPort(gateway.EMAILAUTH_MAILER_URL, ports[1] ?? ''),
  }
  keep(await startGateway({ env }))
  const serve = { ...(await withRedis('serve')), EMAILAUTH_SMTP_URL: relay }
  keep(await startServe({ env: serve }))
  for (const started of [mailer, env, serve]) expect(Object.values(started)).not.toContain('')
})
