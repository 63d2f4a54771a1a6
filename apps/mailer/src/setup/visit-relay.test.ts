import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { VISIT_TIMES, visitRelay } from './visit-relay.ts'

/** A relay that says this as often, and nothing else. */
async function startRelay(said = '', everyMs = 10) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    if (said === '') return
    const saying = setInterval(() => socket.write(said), everyMs)
    socket.once('close', () => clearInterval(saying))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, security: 'none' } as const
}

test('a visit takes 10 s to connect, 30 s until it is greeted, five minutes in all', () => {
  expect(VISIT_TIMES).toEqual({ connectMs: 10_000, bannerMs: 30_000, longestMs: 300_000 })
})

test('a relay that does not greet is left', async () => {
  await expect(
    visitRelay(await startRelay(), undefined, { ...VISIT_TIMES, bannerMs: 20 }),
  ).rejects.toMatchObject({ code: 'ETIMEDOUT' })
})

test('a relay that greets without an end is left', async () => {
  // Each line is one more of the greeting.
  const relay = await startRelay('220-welcome\r\n')
  await expect(visitRelay(relay, undefined, { ...VISIT_TIMES, longestMs: 60 })).rejects.toThrow()
})

test('a name that is looked up without an end has no relay', async () => {
  const relay = { ...(await startRelay()), host: 'relay.example' }
  const never = () => new Promise<never>(() => {})
  await expect(visitRelay(relay, undefined, { ...VISIT_TIMES, connectMs: 20 }, never)).rejects.toMatchObject({
    code: 'ETIMEDOUT',
  })
})
