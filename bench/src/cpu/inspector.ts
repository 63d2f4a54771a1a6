import { eventually } from '@emailauth/testing/eventually'
import { WebSocket } from 'undici'

/** A V8 CPU profile, as far as it is read here; whole it opens in any browser's developer tools. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      /** Counted from 0. */
      readonly lineNumber: number
      readonly columnNumber: number
    }
    /** Ids of the nodes that it called. */
    readonly children?: readonly number[]
  }[]
  /** The node on top at each sample, and the microseconds since the sample before. */
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** A line to the inspector of a Node process that was started with `--inspect`. */
export interface Inspector {
  call<Reply>(method: string, params?: object): Promise<Reply>
  close(): void
}

export async function openInspector(port: number): Promise<Inspector> {
  const [target] = await eventually(async () => {
    const reply = await fetch(`http://127.0.0.1:${port}/json/list`)
    return (await reply.json()) as { webSocketDebuggerUrl: string }[]
  })
  if (target === undefined) throw new Error('The inspector has no target.')
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await new Promise((open, failed) => {
    socket.addEventListener('open', open, { once: true })
    socket.addEventListener('error', failed, { once: true })
  })
  const waiting = new Map<number, (reply: unknown) => void>()
  let calls = 0
  socket.addEventListener('message', ({ data }) => {
    // A message of the inspector protocol of V8.
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown }
    if (id === undefined) return
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  return {
    call<Reply>(method: string, params: object = {}) {
      const id = ++calls
      return new Promise<Reply>((resolve) => {
        // Who calls knows what the method answers.
        waiting.set(id, resolve as (reply: unknown) => void)
        socket.send(JSON.stringify({ id, method, params }))
      })
    },
    close: () => socket.close(),
  }
}
