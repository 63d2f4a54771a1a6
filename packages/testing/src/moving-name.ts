import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

/** A name that leads to one server and then to another. Open connections are not changed. */
export async function startMovingName(port: number) {
  let target = port
  const server = createServer((client) => {
    const behind = connect(target, '127.0.0.1')
    client.pipe(behind).pipe(client)
    for (const socket of [client, behind]) socket.on('error', () => {})
    client.on('close', () => behind.destroy())
    behind.on('close', () => client.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // It listens by TCP.
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo(port: number) {
      target = port
    },
    stop: () => server.close(),
  }
}
