import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import { readPlan } from '../up/plan.ts'
import { type Finding, fail } from './check.ts'
import { checkBuild, checkNode, checkRedisProgram } from './machine.ts'
import { checkPorts } from './ports.ts'
import { checkCredentials, checkGateway, checkInbox, checkKeys } from './project.ts'
import { checkRedis } from './redis.ts'
import { checkStore } from './store.ts'

/** Looks at everything that must be well, from the machine up to the keys. */
export async function examine({ world, settings }: Context): Promise<Finding[]> {
  const plan = readPlan(world.env, world.root)
  const known = await settings()
  const redisUrl = plan.redisUrl ?? (await ownRedisUrl(plan.home))
  const gateway = await checkGateway(known)
  const faults = world.envFaults ?? []
  return [
    ...faults.map((fault) => fail('Environment', fault, 'Correct it where it is set.')),
    checkNode(process.versions.node),
    await checkBuild(world.root),
    await checkRedisProgram(plan.redisUrl, world.env.PATH),
    ...(await checkRedis(redisUrl)),
    await checkPorts(plan, gateway.state === 'ok'),
    await checkCredentials(known),
    gateway,
    ...(gateway.state === 'ok' ? [...(await checkKeys(known)), ...(await checkStore(plan))] : []),
    await checkInbox(known),
  ]
}

/** The Redis that a running `up` started, as it wrote it down. */
async function ownRedisUrl(home: string): Promise<string | undefined> {
  const url = await readFile(join(home, 'redis', 'server-url'), 'utf8').catch(() => undefined)
  return url?.trim()
}
