import { CliError, EXIT } from '../../exit-codes.ts'
import { type Child, type ChildOptions, startChild } from './child.ts'

type StartOptions = Omit<ChildOptions, 'onLine' | 'onDeath'>

/** The processes of one `up`, in the order in which they were started; they end the other way round. */
export interface Services {
  start(options: StartOptions): void
  /** Ends one process in good order, and starts it again as before. */
  restart(name: string): Promise<void>
  /** Something to do when everything that was started later has ended. */
  atTheEnd(clean: () => Promise<void>): void
  stopAll(): Promise<void>
  /** Ends every process at once. */
  killAll(): void
}

export interface ServicesOptions {
  readonly onLine: (name: string, line: string) => boolean
  /** Called with the first death that nobody asked for. */
  readonly onDeath: (fault: CliError) => void
}

export function createServices({ onLine, onDeath }: ServicesOptions): Services {
  const endings: (() => Promise<void>)[] = []
  const children = new Map<string, Child>()
  const started = new Map<string, StartOptions>()
  let stopping = false

  function startOne(options: StartOptions): void {
    const child = startChild({
      ...options,
      onLine: (line) => onLine(options.name, line),
      onDeath: (description) => {
        if (!stopping) onDeath(new CliError(EXIT.failed, description))
      },
    })
    children.set(options.name, child)
  }

  return {
    start(options) {
      started.set(options.name, options)
      startOne(options)
      endings.push(async () => children.get(options.name)?.stop())
    },
    async restart(name) {
      const options = started.get(name)
      if (options === undefined || stopping) return
      await children.get(name)?.stop()
      if (!stopping) startOne(options)
    },
    atTheEnd(clean) {
      endings.push(clean)
    },
    async stopAll() {
      stopping = true
      for (const end of endings.reverse().splice(0)) await end()
    },
    killAll() {
      stopping = true
      for (const child of children.values()) child.kill()
    },
  }
}
