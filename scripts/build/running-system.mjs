// What a script does with services that it has started.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

const PATIENCE_MS = 120_000
const LOOK_MS = 20

/** Waits until a service is ready. `problem` says why it never will be, or nothing. */
export async function isReady(port, problem = () => undefined) {
  await eventually(
    async () => {
      const ended = problem()
      if (ended !== undefined) throw new Error(ended)
      const reply = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
      return reply?.ok ? reply : undefined
    },
    () => `Nothing is ready on port ${port}.`,
  )
}

/** An API key of the tenant `demo`, from persistence itself, as the first key always is. */
export async function createFirstKey(port, serviceToken) {
  const reply = await fetch(`http://127.0.0.1:${port}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ scope: 'tenant', tenantId: 'demo', name: 'script' }),
  })
  if (reply.status !== 201) throw new Error(`There is no API key: ${await reply.text()}`)
  return (await reply.json()).key
}

/** The number of the mail to this address, as soon as it is in the inbox on this port. */
export function mailedNumber(port, email) {
  const query = encodeURIComponent(`to:${email}`)
  return eventually(
    async () => {
      const found = await (await fetch(`http://127.0.0.1:${port}/api/v1/search?query=${query}`)).json()
      const number = String(found.messages?.[0]?.Subject ?? '').replace(/\D/g, '')
      return number === '' ? undefined : number
    },
    () => `No mail for ${email} came.`,
  )
}

export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => server.address().port)
  for (const server of servers) server.close()
  return ports
}

/** The first result of `look` that is not undefined. */
export async function eventually(look, complaint) {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > until) throw new Error(complaint())
    await wait(LOOK_MS)
  }
}
