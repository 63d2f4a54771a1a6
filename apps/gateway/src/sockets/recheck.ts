import type { Caller } from '../access/caller.ts'

/** A socket that was let in, and how to ask again whether it still may be open. */
export interface AdmittedSocket {
  readonly caller: Caller
  /** @throws {ProblemError} when no service can answer at the moment. */
  readonly identify: () => Promise<Caller | undefined>
  /** Not any more. */
  end(): void
}

/** true when this caller may follow events. */
export function mayFollow(caller: Caller | undefined): caller is Caller {
  return caller !== undefined && !(caller.scope === 'tenant' && caller.isDisabled === true)
}

/** Checks each key and session once, however many sockets use it, and closes the sockets that lost access. */
export async function recheck(sockets: Iterable<AdmittedSocket>): Promise<void> {
  const byCaller = new Map<string, AdmittedSocket[]>()
  for (const socket of sockets) {
    const { apiKeyId, session } = socket.caller
    const name = session === undefined ? `key ${apiKeyId}` : `session ${session.id}`
    const others = byCaller.get(name)
    if (others === undefined) byCaller.set(name, [socket])
    else others.push(socket)
  }
  await Promise.all([...byCaller.values()].map(recheckCaller))
}

async function recheckCaller(sockets: readonly AdmittedSocket[]): Promise<void> {
  const [first] = sockets
  if (first === undefined) return
  try {
    const now = await first.identify()
    if (mayFollow(now) && now.scope === first.caller.scope) return
    for (const socket of sockets) socket.end()
  } catch {
    // No service can answer at the moment, and none can revoke anything either.
  }
}
