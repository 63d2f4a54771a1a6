import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError } from '../exit-codes.ts'
import { readPlan } from '../up/home/plan.ts'
import { asRunning } from '../up/home/running.ts'
import { hasServices } from '../up/services/apps.ts'
import { checkCertificates } from './check-certificates.ts'
import { checkDataFolder } from './check-data-folder.ts'
import { checkBuild, checkNode, checkRedisProgram } from './check-machine.ts'
import { checkPorts } from './check-ports.ts'
import {
  checkCredentials,
  checkGateway,
  checkInbox,
  checkKeys,
  isHere,
  remediesFor,
} from './check-project.ts'
import { checkRedis } from './check-redis.ts'
import { checkSettings } from './check-settings.ts'
import { checkStore } from './check-store.ts'
import { type Finding, fail } from './finding.ts'

/**
 * Runs every check, from the machine up to the keys. Some gateways cannot be started from here: they are
 * remote, or the command line came alone. For these it runs the checks that concern the caller.
 */
export async function examine(context: Context): Promise<Finding[]> {
  const { world } = context
  const faults = (world.envFaults ?? []).map((fault) =>
    fail('Environment', fault, 'Correct it where it is set.'),
  )
  const known = await settingsOrFinding(context)
  if (!('url' in known)) return [...faults, checkNode(process.versions.node), known]
  const isOurs = isHere(known) && (await hasServices(world.root))
  const remedies = remediesFor(known, isOurs)
  const { finding: gateway, state } = await checkGateway(known, remedies)
  const isRunning = state !== 'away'
  const keys = state === 'ready' ? await checkKeys(known, remedies) : []
  const node = checkNode(process.versions.node)
  const credentials = await checkCredentials(known, remedies)
  const certificates = await checkCertificates(world.env)
  if (!isOurs) {
    // In the environment of a service, such as its container, persistence answers.
    const store = isHere(known)
      ? await checkStore(readPlan(world.env, world.root), world.env, { isRedisChecked: false })
      : []
    return [...faults, node, credentials, ...certificates, gateway, ...keys, ...store]
  }
  const plan = await asRunning(readPlan(world.env, world.root), world.env)
  const build = await checkBuild(world.root)
  return [
    ...faults,
    node,
    build,
    ...(build.state === 'ok' ? await checkSettings(world) : []),
    await checkDataFolder(plan.home),
    await checkRedisProgram(plan.redisUrl, world.env.PATH),
    ...(await checkRedis(plan.redisUrl ?? (await ownRedisUrl(plan.home)))),
    await checkPorts(plan, isRunning),
    credentials,
    ...certificates,
    gateway,
    ...keys,
    // Also while it is not ready: persistence may know why.
    ...(isRunning ? await checkStore(plan, world.env, { isRedisChecked: true }) : []),
    await checkInbox(known),
  ]
}

/** A file of credentials that cannot be read is what the doctor is asked for, and no reason to stop. */
async function settingsOrFinding(context: Context): Promise<Settings | Finding> {
  try {
    return await context.settings()
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return fail('Credentials', error.message, error.hint ?? 'Correct it.')
  }
}

/** The Redis that a running `up` started, as it wrote it down. */
async function ownRedisUrl(home: string): Promise<string | undefined> {
  for (const record of ['server-url', 'embedded-url']) {
    const url = await readFile(join(home, 'redis', record), 'utf8').catch(() => undefined)
    if (url !== undefined) return url.trim()
  }
  return undefined
}
