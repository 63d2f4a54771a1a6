import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { numberFor } from '../system/mails.ts'
import { startSystem } from '../system/system.ts'
import { report } from './form.ts'
import { hunt, type SearchedText, type Secret } from './hunt.ts'
import { doEverything } from './operations.ts'
import { argumentsOf, contentsOf, filesOf, metricsOf, processesWith } from './searched-texts.ts'
import { numberIn, startWorld } from './world.ts'

/** Dumps and files are not compressed, so that compression hides nothing, and every command is logged. */
const PLAIN_REDIS = [
  ...['--appendonly', 'yes', '--appendfsync', 'always', '--aof-use-rdb-preamble', 'no'],
  ...['--rdbcompression', 'no', '--slowlog-log-slower-than', '0', '--slowlog-max-len', '100000'],
]

test('the services: no secret in Redis, logs, metrics, error replies or arguments, whatever fails', async () => {
  const world = await startWorld({ pairs: 1, redis: PLAIN_REDIS, logLevel: 'trace' })
  const { env, redis, smtp, mailer } = world
  const [persistence, gateway] = [world.persistences[0]!, world.gateways[0]!]
  try {
    const { key: adminKey } = await world.persist('/v1/api-keys', { scope: 'admin', name: 'hunt' })
    const { secrets, replies } = await doEverything({
      url: gateway.url,
      adminKey: String(adminKey),
      numberMailedTo: (email) =>
        eventually(() => {
          const number = world.numbersMailedTo(email).at(-1)
          if (number === undefined) throw new Error('No mail has come.')
          return number
        }),
      async faults(call) {
        const answers = []
        // Servers that repeat what they were sent, in refusals for now and for good.
        for (const code of [451, 550]) {
          smtp.script.data = ({ to, raw }) => ({ code, text: `no ${numberIn({ raw })} for <${to}>` })
          answers.push(...(await call()))
        }
        delete smtp.script.data
        for (const victim of [redis, mailer, persistence]) {
          await victim.kill()
          answers.push(...(await call()))
          await victim.restart()
        }
        return answers
      },
    })
    secrets.push(...ringAndToken(env.EMAILAUTH_SECRET_KEYS, env.EMAILAUTH_SERVICE_TOKEN))

    const control = await plantControl(redis.url)
    const services = [gateway, persistence, mailer]
    const inRedis = await contentsOf(redis.url)
    const onDisk = await filesOf(redis.folder)
    const logs = services.map(({ url, output }) => ({ name: `log of ${url}`, content: output() }))
    const texts = [
      ...[...inRedis, ...onDisk, ...logs, ...replies],
      ...(await metricsOf(
        services.map(({ url }) => url),
        env.EMAILAUTH_SERVICE_TOKEN,
      )),
      ...(await argumentsOf([...services.map(({ pid }) => pid), redis.pid])),
    ]
    reportSearch('over the services', texts, secrets)
    expect(hunt(texts, secrets)).toEqual([])

    // Proves that the search works: the planted secret is found in a key, the commands, the append-only file
    // and the dump, and text that is logged is found in the log.
    const hits = hunt([...inRedis, ...onDisk], [control])
    for (const pattern of [/^Redis key/, /^commands/, /\.aof/, /\.rdb/]) {
      expect(hits).toContainEqual(expect.stringMatching(pattern))
    }
    const known = { name: 'a port that refused', value: new URL(persistence.url).host }
    expect(hunt(logs.slice(0, 1), [known])).not.toEqual([])
    expect(replies.length).toBeGreaterThan(30)
  } finally {
    await world.stop()
  }
})

test('emailauth up: no secret in the data folder, in what it says, in metrics or arguments', async () => {
  const ports = { persistence: await freePort(), mailer: await freePort() }
  const system = await startSystem({
    EMAILAUTH_LOG_LEVEL: 'trace',
    EMAILAUTH_PERSISTENCE_PORT: String(ports.persistence),
    EMAILAUTH_MAILER_PORT: String(ports.mailer),
  })
  try {
    const { secrets, replies } = await doEverything({
      url: system.url,
      adminKey: system.adminKey,
      numberMailedTo: (email) => numberFor(system, email),
      faults: async (call) => call(),
    })
    const kept = JSON.parse(await readFile(join(system.home, 'secrets.json'), 'utf8'))
    secrets.push(...ringAndToken(kept.secretKeys, kept.serviceToken))
    secrets.push({ name: 'API key (demo)', value: system.apiKey })

    const socket = join(system.home, 'redis', 'redis.sock')
    const control = await plantControl(socket)
    const inRedis = await contentsOf(socket)
    const pids = await processesWith(system.home)
    const folder = await filesOf(system.home, ['secrets.json', 'credentials.json'])
    const said = { name: 'what up says', content: system.output() }
    const urls = [system.url, ...Object.values(ports).map((port) => `http://127.0.0.1:${port}`)]
    const texts = [
      ...[...inRedis, ...folder, said, ...replies],
      ...(await metricsOf(urls, kept.serviceToken)),
      ...(await argumentsOf(pids)),
    ]
    reportSearch('over emailauth up', texts, secrets)
    expect(hunt(texts, secrets)).toEqual([])
    expect(pids.length, 'up, Redis and four services').toBeGreaterThanOrEqual(6)
    expect(hunt(folder, [control]), 'in the append-only file').not.toEqual([])
    expect(hunt([said], [{ name: 'its URL', value: system.url }])).not.toEqual([])
  } finally {
    await system.remove()
  }
})

function ringAndToken(secretKeys: string, serviceToken: string): Secret[] {
  return [
    { name: 'service token', value: serviceToken },
    { name: 'secret keys', value: secretKeys.split(':').at(-1) ?? '' },
    { name: 'secret key, its bytes', value: Buffer.from(secretKeys.split(':').at(-1) ?? '', 'base64') },
  ]
}

async function plantControl(where: string): Promise<Secret> {
  const value = randomBytes(16).toString('hex')
  const redis = new Redis(where)
  await redis.set('control', Buffer.from(value).toString('base64'), 'EX', 600)
  redis.disconnect()
  return { name: 'control', value }
}

function reportSearch(title: string, texts: readonly SearchedText[], secrets: readonly Secret[]): void {
  const bytes = texts.reduce((sum, { content }) => sum + content.length, 0)
  report(`hunt ${title}`, { secrets: secrets.length, texts: texts.length, bytes })
}
