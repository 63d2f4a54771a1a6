import { followSignal } from '@emailauth/service/timing/follow-signal'
import type { StreamCall } from '../transport.ts'
import { bytesOf, injectRequest, type LocalService } from './inject-request.ts'

/**
 * Opens a stream of a service in this process. It fails when nothing arrives for `quietMs`.
 * @param name the service's name in errors
 */
export async function openStream(
  service: LocalService,
  name: string,
  { path, headers, signal, quietMs }: StreamCall,
): Promise<AsyncIterable<Buffer>> {
  const cut = new AbortController()
  const unfollow = followSignal(cut, signal)
  const quiet = setTimeout(() => cut.abort(new Error(`${name} said nothing for ${quietMs} ms`)), quietMs)
  const end = () => {
    clearTimeout(quiet)
    unfollow()
    cut.abort()
  }
  try {
    const reply = await injectRequest(service, { method: 'GET', path, headers }, cut.signal)
    if (reply.statusCode === 200) return untilQuiet(bytesOf(reply), quiet, end)
    throw new Error(`${name} answered ${reply.statusCode} to GET ${path.split('?', 1)[0]}`)
  } catch (error) {
    end()
    throw error
  }
}

async function* untilQuiet(
  bytes: AsyncIterable<Buffer>,
  quiet: NodeJS.Timeout,
  end: () => void,
): AsyncGenerator<Buffer, void> {
  try {
    for await (const piece of bytes) {
      quiet.refresh()
      yield piece
      quiet.refresh()
    }
  } finally {
    end()
  }
}
