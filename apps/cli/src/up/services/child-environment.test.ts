import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { childEnvironment, machineEnvironment, OWN_VARIABLES } from './child-environment.ts'

const PARTS = {
  gateway: 'Gateway',
  persistence: 'Persistence service',
  mailer: 'Mailer service',
  inbox: 'Inbox',
} as const
const SERVICES = Object.keys(PARTS) as (keyof typeof PARTS)[]
/** The mailer still takes them from who runs it alone; `up` gives it its own keys. */
const NOT_PASSED_ON = { mailer: ['SECRET_KEYS'], gateway: [], persistence: [], inbox: [] }

test.each(SERVICES)('the variables of the %s are those that it reads', async (service) => {
  const page = await readFile(new URL('../../../../../.env.example', import.meta.url), 'utf8')
  const read = page.split('\n\n').flatMap((block) => {
    const parts = /\(([^()]*)\)\n#EMAILAUTH/.exec(block)?.[1]?.split(', ') ?? []
    return parts.includes(PARTS[service])
      ? [...block.matchAll(/^#EMAILAUTH_(\w+)=/gm)].map(([, name]) => name)
      : []
  })
  expect(read.length).toBeGreaterThan(2)
  const expected = read.filter((name) => !(NOT_PASSED_ON[service] as string[]).includes(name ?? ''))
  expect([...OWN_VARIABLES[service]].sort()).toEqual(expected.sort())
})

test.each(SERVICES)('the %s gets what is its own, and nothing else that stands around', (service) => {
  const given = Object.fromEntries(
    [...Object.values(OWN_VARIABLES).flat(), 'API_KEY', 'HOME'].map((name) => [`EMAILAUTH_${name}`, 'given']),
  )
  const around = { PATH: '/bin', AWS_SECRET_ACCESS_KEY: 'x', NODE_ENV: undefined, ...given }
  const environment = childEnvironment(service, around, { EMAILAUTH_LOG_LEVEL: 'planned' })
  const own = OWN_VARIABLES[service].map((name) => `EMAILAUTH_${name}`)
  expect(Object.keys(environment).sort()).toEqual([...own, 'PATH'].sort())
  expect(environment.EMAILAUTH_LOG_LEVEL).toBe('planned')
})

test('a program that is none of ours gets none of our variables', () => {
  const around = { PATH: '/bin', EMAILAUTH_SECRET_KEYS: 'x', EMAILAUTH_REDIS_URL: 'x' }
  expect(machineEnvironment(around)).toEqual({ PATH: '/bin' })
})
