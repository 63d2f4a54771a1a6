import { readFile } from 'node:fs/promises'

/** What `MONITOR` reports: a command and where it came from; 'lua' for those of scripts. */
interface Monitor {
  on(event: 'monitor', listener: Reported): unknown
  off(event: 'monitor', listener: Reported): unknown
}
type Reported = (time: string, command: string[], source: string) => void

interface Connection {
  echo(text: string): Promise<unknown>
}

let marks = 0

/**
 * The commands that scripts send to Redis during `work`, by name: `GET 2, SET 1`. Counted are the scripts
 * whose first key has this prefix: others run beside them, and read Redis's clock too. `work` must have ended
 * when its promise does.
 */
export async function commandsOfRules(
  monitor: Monitor,
  redis: Connection,
  keyPrefix: string,
  work: () => Promise<unknown>,
): Promise<string> {
  const counts = new Map<string, number>()
  let isCounted = false
  // A script is reported first, with its keys, and then the commands that it sends.
  const count: Reported = (_time, [name = '', ...rest], source) => {
    if (source !== 'lua') {
      isCounted = rest[2]?.startsWith(keyPrefix) ?? false
      return
    }
    const command = name.toUpperCase()
    if (isCounted) counts.set(command, (counts.get(command) ?? 0) + 1)
  }
  // MONITOR reports late, so the first mark waits for what came before.
  await reportedSoFar(monitor, redis)
  monitor.on('monitor', count)
  await work()
  await reportedSoFar(monitor, redis)
  monitor.off('monitor', count)
  return [...counts]
    .sort()
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

/** Resolves when everything that was sent before is reported. */
async function reportedSoFar(monitor: Monitor, redis: Connection): Promise<void> {
  marks += 1
  const mark = `mark ${marks}`
  await new Promise<void>((resolve, reject) => {
    const onCommand: Reported = (_time, [, text]) => {
      if (text !== mark) return
      monitor.off('monitor', onCommand)
      resolve()
    }
    monitor.on('monitor', onCommand)
    redis.echo(mark).catch(reject)
  })
}

/** The rows of docs/performance/commands.md whose first column is a call of this service: call, commands. */
export async function documentedCommands(service: string): Promise<Record<string, string>> {
  const page = await readFile(new URL('../../../docs/performance/commands.md', import.meta.url), 'utf8')
  const rows = page.matchAll(new RegExp(`^\\| ${service}: (.+?) +\\| \\d+ +\\| (.+?) +\\|$`, 'gm'))
  return Object.fromEntries(Array.from(rows, ([, call, commands]) => [call, commands]))
}
