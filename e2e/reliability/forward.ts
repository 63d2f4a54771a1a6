import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Passes connections to a free port of an address on to the targets in turn. */
export async function startForward(
  address: string,
  targets: readonly { readonly host: string; readonly port: number }[],
) {
  const sockets = new Set<Socket>()
  let turn = 0
  const server = createServer((socket) => {
    const target = connect(targets[turn++ % targets.length] as (typeof targets)[number])
    const pass = (from: Socket, to: Socket) => {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
    pass(socket, target)
    pass(target, socket)
  })
  server.listen(0, address)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
