import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { NODE_FLAGS } from '@emailauth/service/lifecycle/node-flags'
import { CREDENTIALS_FILE } from '../connection/credentials.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { makeFolder } from '../files/make-folder.ts'
import { wrapBeside } from '../terminal/wrap.ts'
import { commandFrom } from './command-from.ts'
import { takeLock } from './home/lock.ts'
import { gatewayUrl, readPlan, requireMailInProduction, type UpPlan } from './home/plan.ts'
import { forgetRunning, recordRunning } from './home/running.ts'
import { readSecrets } from './home/secrets-file.ts'
import { Interrupted, onInterrupt } from './interrupt.ts'
import { formatLogLine } from './log-line.ts'
import { type NeededPort, requireFreePorts } from './ports.ts'
import { startRedis } from './redis/redis.ts'
import { chooseRedis } from './redis/redis-choice.ts'
import { type App, planApps, requireBuilt, serviceUrls } from './services/apps.ts'
import { childEnvironment, machineEnvironment } from './services/child-environment.ts'
import { provideCredentials } from './services/provide-credentials.ts'
import { waitUntilReady } from './services/ready.ts'
import { createServiceFetch } from './services/service-fetch.ts'
import { createServices, type Services } from './services/services.ts'
import { requireReachableSmtp } from './services/smtp-reachable.ts'
import { printUrls } from './services/urls.ts'
import { watchBundles } from './services/watch-bundles.ts'

export interface UpOptions {
  readonly logLevel: string
  /** A service whose bundle was written anew is started again. */
  readonly watch: boolean
  /** Gateway, persistence and mailer run in one process. */
  readonly together: boolean
  /** Processes of each service that share its listener. */
  readonly processes: number
}

/** Runs the whole system until it is interrupted (exit code 0) or a part of it dies. */
export async function up(context: Context, options: UpOptions): Promise<ExitCode> {
  const { world, output } = context
  const { logLevel } = options
  const plan = readPlan(world.env, world.root)
  requireMailInProduction(world.env)
  await requireBuilt(world.root, options.together)
  await makeFolder(plan.home)
  const lock = await takeLock(plan.home)
  const end = new AbortController()
  const services = createServices({
    onLine: (name, line) => {
      // Redis logs much at each start that no user needs. If it dies, its last lines are printed.
      if (name === 'redis' && !['debug', 'trace'].includes(logLevel)) return false
      output.log(formatLogLine(name, line, output.infoColors))
      return true
    },
    onDeath: (fault) => end.abort(fault),
  })
  const dispose = onInterrupt(
    () => end.abort(new Interrupted()),
    () => services.killAll(),
  )
  // What Redis and the services write is for this user alone, in a folder that others may read too.
  const umask = process.umask(0o077)
  try {
    await recordRunning(plan)
    await bringUp(context, { ...options, plan, services, signal: end.signal, tookOver: lock.tookOver })
    await aborted(end.signal)
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    output.info('Stopping…')
  } finally {
    await services.stopAll()
    await forgetRunning(plan)
    await lock.release()
    dispose()
    process.umask(umask)
  }
  output.info('Stopped.')
  return EXIT.done
}

interface BringUpOptions extends UpOptions {
  readonly plan: UpPlan
  readonly services: Services
  readonly signal: AbortSignal
  readonly tookOver: boolean
}

async function bringUp(context: Context, options: BringUpOptions): Promise<void> {
  const { plan, logLevel, watch, together, processes, services, signal, tookOver } = options
  const { world, output } = context
  const report = (name: string, text: string) =>
    output.info(wrapBeside(output.infoColors.cyan(name), text, output.infoWidth, 12))

  await requireFreePorts(neededPorts(plan), { afterCrash: tookOver })
  for (const server of plan.smtpUrl === undefined ? [] : await requireReachableSmtp(plan.smtpUrl)) {
    report('smtp', output.infoColors.yellow(`${server} cannot be reached; the other servers are used`))
  }
  const secrets = await readSecrets(plan)
  signal.throwIfAborted()
  const redis = await startRedis({
    choice: await chooseRedis({ redisUrl: plan.redisUrl, production: plan.production, path: world.env.PATH }),
    folder: join(plan.home, 'redis'),
    password: secrets.serviceToken,
    embeddedEntry: join(world.root, 'apps/cli/dist/up/embedded-redis.js'),
    env: machineEnvironment(world.env),
    services,
    signal,
  })
  report('redis', redis.description)
  if (redis.forgets) {
    report(
      'redis',
      output.infoColors.yellow('everything in it is gone when it ends; install redis-server to keep it'),
    )
  }
  signal.throwIfAborted()
  const url = gatewayUrl(plan)
  const fetch = await createServiceFetch(plan.tls)
  const apps = planApps({
    plan,
    root: world.root,
    redisUrl: redis.url,
    secrets,
    logLevel,
    gatewayUrl: url,
    together,
    processes,
  })
  for (const { name, file, env } of apps) {
    services.start({
      name,
      file: process.execPath,
      args: [...NODE_FLAGS, file],
      env: childEnvironment(name, world.env, env),
      linked: true,
    })
  }
  await Promise.all(
    apps.map(async (app) => {
      await waitUntilReady(app.name, app.url, signal, { fetch })
      report(app.name, `ready at ${app.url}`)
    }),
  )
  const inboxUrl = apps.find(({ name }) => name === 'inbox')?.url ?? null
  const path = join(plan.home, CREDENTIALS_FILE)
  const { persistence: persistenceUrl } = serviceUrls(plan)
  const { serviceToken } = secrets
  await provideCredentials({ path, url, inboxUrl, persistenceUrl, serviceToken, fetch })
  await chmod(path, 0o600)
  signal.throwIfAborted()
  if (watch) {
    const restart = async (app: App) => {
      const began = performance.now()
      await services.restart(app.name)
      await waitUntilReady(app.name, app.url, signal, { fetch })
      report(app.name, `started again in ${Math.round(performance.now() - began)} ms`)
    }
    const stopWatching = watchBundles(apps, (app) => {
      restart(app).catch((error: unknown) => report(app.name, output.infoColors.yellow(String(error))))
    })
    signal.addEventListener('abort', stopWatching, { once: true })
  }
  printUrls(output, {
    url,
    inboxUrl,
    credentials: path,
    metricsPublic: plan.metricsPublic === 'true',
    command: commandFrom(world),
  })
}

function neededPorts({ ports, host, smtpUrl }: UpPlan): NeededPort[] {
  const loopback = { host: '127.0.0.1' }
  return [
    { ...ports.gateway, host, of: 'gateway' },
    { ...ports.persistence, ...loopback, of: 'persistence service' },
    { ...ports.mailer, ...loopback, of: 'mailer' },
    ...(smtpUrl === undefined
      ? [
          { ...ports.inbox, ...loopback, of: 'inbox' },
          { ...ports.smtp, ...loopback, of: "inbox's SMTP server" },
        ]
      : []),
  ]
}

/** Rejects with the reason once the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
