import { readFile } from 'node:fs/promises'
import { freePort } from '@emailauth/testing/free-port'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startServe } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { createGatewayClient } from './gateway-client.ts'
import { numberIn } from './world.ts'

/** Process ids of the workers of a service, which its first process has started. */
export async function workersOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}

/** Whether a process runs. One that has ended and waits for its parent does not. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat !== undefined && !/\) Z /.test(stat)
}

const SETTINGS = {
  mailsPerAddress: [{ max: 1000, windowSeconds: 60 }],
  missBudgetPerHour: 100_000,
  registersPerTenant: { max: 1_000_000, windowSeconds: 60 },
  ttlSeconds: 7200,
}

/** Gateway, persistence and mailer in so many processes of one program, with a client and a key. */
export async function startServeWorld(processes: number, more: Readonly<Record<string, string>> = {}) {
  const redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always')
  const smtp = await startSmtp()
  const persistencePort = await freePort()
  const env = {
    ...sharedEnv(redis.url),
    EMAILAUTH_SMTP_URL: `${smtp.url}?connections=20`,
    EMAILAUTH_SERVE_REST: 'true',
    EMAILAUTH_PERSISTENCE_PORT: String(persistencePort),
    EMAILAUTH_MAILER_PORT: String(await freePort()),
    EMAILAUTH_METRICS_PUBLIC: 'true',
    EMAILAUTH_PROCESSES: String(processes),
    ...more,
  }
  const service = await startServe({ env })
  const persist = async (path: string, body: object) => {
    const headers = {
      authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`,
      'content-type': 'application/json',
    }
    const url = `http://127.0.0.1:${persistencePort}${path}`
    const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!reply.ok) throw new Error(await reply.text())
    return (await reply.json()) as { key: string }
  }
  await persist('/v1/tenants', { id: 'many', name: 'Many', settings: SETTINGS })
  const { key } = await persist('/v1/api-keys', { scope: 'tenant', tenantId: 'many', name: 'k' })
  const client = createGatewayClient(service.url)
  return {
    service,
    smtp,
    key,
    client,
    clients: [client],
    numbersMailedTo: (email: string) => smtp.mails.filter(({ to }) => to.includes(email)).map(numberIn),
    async stop() {
      await client.close()
      await service.stop()
      await Promise.all([redis.stop(), smtp.stop()])
    },
  }
}
