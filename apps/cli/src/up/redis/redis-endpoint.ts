import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Where our own Redis listens: a socket in the data folder, or a port on loopback. */
export type RedisEndpoint =
  | { readonly kind: 'socket'; readonly path: string; readonly url: string }
  | { readonly kind: 'port'; readonly port: number; readonly password: string; readonly url: string }

/** Longest path of a Unix socket that every system takes. */
const SOCKET_PATH_BYTES = 100

/**
 * A socket in `folder`, which only its owner can enter. If the path is too long, a port with a `password`.
 */
export async function chooseRedisEndpoint(
  folder: string,
  password: string,
  platform: NodeJS.Platform = process.platform,
): Promise<RedisEndpoint> {
  const path = join(folder, 'redis.sock')
  if (platform !== 'win32' && Buffer.byteLength(path) <= SOCKET_PATH_BYTES) {
    return { kind: 'socket', path, url: `unix://${path.split('/').map(encodeURIComponent).join('/')}` }
  }
  const port = await freePort()
  return { kind: 'port', port, password, url: `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}` }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  if (address === null || typeof address === 'string') throw new Error('no TCP address')
  return address.port
}
