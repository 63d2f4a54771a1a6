import { CliError, EXIT } from '../exit-codes.ts'
import { type Child, type ChildOptions, startChild } from './child.ts'

/** The processes of one `up`, in the order in which they were started; they end the other way round. */
export interface Services {
  start(options: Omit<ChildOptions, 'onLine' | 'onDeath'>): void
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
  const children: Child[] = []
  let stopping = false
  return {
    start(options) {
      const child = startChild({
        ...options,
        onLine: (line) => onLine(options.name, line),
        onDeath: (description) => {
          if (!stopping) onDeath(new CliError(EXIT.failed, description))
        },
      })
      children.push(child)
      endings.push(() => child.stop())
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
      for (const child of children) child.kill()
    },
  }
}
