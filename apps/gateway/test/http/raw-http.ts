import { once } from 'node:events'
import { connect } from 'node:net'

/** Sends bytes to a server on loopback and gives all that it answers until it closes the connection. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (piece) => {
    text += String(piece)
  })
  socket.on('error', () => {})
  socket.write(bytes)
  await once(socket, 'close')
  return text
}

/** The same, until the first bytes of the answer have come. */
export async function firstOfReply(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  try {
    socket.write(bytes)
    const [piece] = await once(socket, 'data')
    return String(piece)
  } finally {
    socket.destroy()
  }
}

export function portOf({ server }: { readonly server: { address(): unknown } }): number {
  return (server.address() as { port: number }).port
}
