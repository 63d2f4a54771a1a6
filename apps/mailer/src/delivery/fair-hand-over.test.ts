import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { eventually } from '@emailauth/testing/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshMailer, freshMailerForEachTest } from '../../test/fresh-mailer.ts'
import { aMessage, runMailer } from '../../test/running-mailer.ts'

let fresh: FreshMailer
freshMailerForEachTest((given) => {
  fresh = given
})

/** Takes connections and never says a word. */
let silent: Server
const sockets = new Set<Socket>()
beforeAll(async () => {
  silent = createServer((socket) => void sockets.add(socket)).listen(0, '0.0.0.0')
  await once(silent, 'listening')
})
afterAll(() => {
  for (const socket of sockets) socket.destroy()
  silent.close()
})

/** A message of a tenant with an SMTP server of its own, which hangs. */
function hanging(tenant: number) {
  const { port } = silent.address() as AddressInfo
  const mail = { smtpUrl: `smtp://127.0.0.${tenant + 2}:${port}` }
  return aMessage({ tenantId: `hangs-${tenant}`, mail })
}

test('18 tenants whose own servers hang do not keep the mail of another, and theirs wait in the queue', async () => {
  const busy = await runMailer(fresh.redis.url, fresh.smtp.url, {
    maxOpen: 200,
    allowPrivateSmtp: true,
    drainMs: 0,
  })
  // Six at a time, because those that begin count in the bound on open sends as well.
  for (let sent = 0; sent < 18 * 18; sent += 6) {
    const calls = Array.from({ length: 6 }, () =>
      busy.post('/v1/messages', hanging((sent / 6) % 18), { prefer: 'respond-async' }),
    )
    for (const call of calls) expect((await call).statusCode).toBe(202)
  }
  expect((await busy.send(aMessage({ tenantId: 'honest' }))).json()).toMatchObject({ state: 'sent' })
  await busy.close()
})

test('of one server of a tenant 60 mails wait for a connection, and the others in the queue', async () => {
  const busy = await runMailer(fresh.redis.url, fresh.smtp.url, { allowPrivateSmtp: true, drainMs: 0 })
  const calls = Array.from({ length: 100 }, () =>
    busy.post('/v1/messages', hanging(0), { prefer: 'respond-async' }),
  )
  for (const call of calls) expect((await call).statusCode).toBe(202)
  // Three connections, and the mails that they are opened for.
  const waiting = async () =>
    Number(/emailauth_messages_waiting\{[^}]*\} (\d+)/.exec((await busy.get('/metrics')).body)?.[1])
  await eventually(async () => expect(await waiting()).toBeGreaterThanOrEqual(100 - 60 - 3))
  expect(await waiting()).toBeLessThanOrEqual(100 - 60)
  await busy.close()
})
