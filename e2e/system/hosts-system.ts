import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@emailauth/testing/eventually'
import { freePort } from '@emailauth/testing/free-port'
import { startForward } from '../reliability/forward.ts'
import { startSixHosts } from '../reliability/six-hosts.ts'

/** Of `up` alone: a host of its own each needs no ports, and all of them speak TLS. */
const OF_UP = /_PORT$|^EMAILAUTH_TLS_/

/** A system on six hosts, with the inbox here, and what the CLI finds in its data folder. */
export async function startOnSixHosts(given: Readonly<Record<string, string>> = {}) {
  const ends: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    const home = await mkdtemp(join(tmpdir(), 'emailauth-e2e-'))
    ends.push(() => rm(home, { recursive: true, force: true }))
    const [inboxPort, smtpPort] = [await freePort(), await freePort()]
    const inbox = spawn(
      process.execPath,
      [fileURLToPath(new URL('../../apps/inbox/dist/main.js', import.meta.url))],
      {
        env: {
          PATH: process.env.PATH,
          EMAILAUTH_INBOX_PORT: String(inboxPort),
          EMAILAUTH_SMTP_PORT: String(smtpPort),
        },
        stdio: 'ignore',
      },
    )
    ends.push(async () => {
      const gone = once(inbox, 'exit')
      if (inbox.kill()) await gone
    })
    const inboxUrl = `http://127.0.0.1:${inboxPort}`
    await eventually(() => fetch(`${inboxUrl}/readyz`), 60_000)
    const variables = Object.entries(given).filter(([name]) => !OF_UP.test(name))
    const env = { EMAILAUTH_LOG_LEVEL: 'info', ...Object.fromEntries(variables) }
    const six = await startSixHosts({ smtpPort, env })
    ends.push(() => six.stop())
    // As a balancer of connections would: calls of one browser go to both gateways.
    const front = await startForward(
      '127.0.0.1',
      six.gateways.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) })),
    )
    ends.push(() => front.stop())
    const newKey = async (request: object) => String((await six.persist('/v1/api-keys', request)).key)
    const credentials = {
      url: `http://127.0.0.1:${front.port}`,
      inboxUrl,
      apiKey: await newKey({ scope: 'tenant', tenantId: 'demo', name: 'e2e' }),
      adminKey: await newKey({ scope: 'admin', name: 'e2e' }),
    }
    await writeFile(join(home, 'credentials.json'), JSON.stringify(credentials), { mode: 0o600 })
    return { home, credentials, six, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
