import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP relay on loopback that can cut a connection in the middle of a reply. */
export interface Knife {
  readonly port: number
  /** Passes this many bytes of the next reply, then resets its connection (RST). Resolves after the reset. */
  cutReplyAfter(bytes: number): Promise<void>
  stop(): Promise<void>
}

export async function startKnife(targetPort: number): Promise<Knife> {
  const sockets = new Set<Socket>()
  let armed: { readonly bytes: number; readonly done: () => void } | undefined

  const listener = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1')
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    client.on('data', (chunk) => server.write(chunk))
    server.on('data', (chunk) => {
      if (armed === undefined) {
        client.write(chunk)
        return
      }
      const { bytes, done } = armed
      armed = undefined
      client.write(chunk.subarray(0, bytes), () => client.resetAndDestroy())
      done()
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    cutReplyAfter: (bytes) =>
      new Promise((done) => {
        armed = { bytes, done }
      }),
    async stop() {
      for (const socket of sockets) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}
