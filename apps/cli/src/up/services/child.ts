import { createInterface } from 'node:readline'
import { execa } from 'execa'

export interface ChildOptions {
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  /** The child's whole environment; nothing of this process's own is passed on beside it. */
  readonly env: Readonly<Record<string, string>>
  /** Written to its stdin, which ends then. */
  readonly input?: string
  /** true: a Node process of ours, which gets a channel to us and ends when the channel does. */
  readonly linked: boolean
  /** Answers whether the line was shown. */
  readonly onLine: (line: string) => boolean
  /** Called when it ends without having been asked to. */
  readonly onDeath: (description: string) => void
}

/** A process that `up` started. */
export interface Child {
  readonly name: string
  /** Asks it to end, and kills it when it does not listen. */
  stop(): Promise<void>
  /** Ends it at once. */
  kill(): void
}

/** A little more than a service takes to finish what runs. */
const TIMEOUT_MS = 12_000
/** How much of its hidden output is printed when it dies. */
const LINES_KEPT = 5
const LINE_LENGTH = 160

/**
 * Starts a process in its own process group, so that Ctrl-C reaches only `up`, which stops the others in
 * order.
 */
export function startChild({ name, file, args, env, input, linked, onLine, onDeath }: ChildOptions): Child {
  const child = execa(file, args, {
    env,
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    ipc: linked,
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    forceKillAfterDelay: TIMEOUT_MS,
  })
  const unseen: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (onLine(line)) return
      unseen.push(line.slice(0, LINE_LENGTH))
      if (unseen.length > LINES_KEPT) unseen.shift()
    })
  }
  let asked = false
  const ended = child.then((result) => {
    if (!asked) onDeath(describe(name, result, unseen))
  })
  return {
    name,
    async stop() {
      asked = true
      child.kill('SIGTERM')
      await ended
    },
    kill() {
      asked = true
      child.kill('SIGKILL')
    },
  }
}

interface Ending {
  readonly exitCode?: number
  readonly signal?: string
  readonly originalMessage?: string | undefined
}

function describe(
  name: string,
  { exitCode, signal, originalMessage }: Ending,
  unseen: readonly string[],
): string {
  const how =
    signal !== undefined
      ? `was killed by ${signal}`
      : exitCode !== undefined
        ? `ended with exit code ${exitCode}`
        : `could not be started (${originalMessage ?? 'unknown why'})`
  return [`${name} ${how}.`, ...unseen.map((line) => `  ${line}`)].join('\n')
}
