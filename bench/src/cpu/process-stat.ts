import { readdir, readFile } from 'node:fs/promises'

/** What Linux knows of a process at one moment. */
export interface ProcessStat {
  /** CPU time of all its threads since its start, user and system, in microseconds; in steps of 10,000. */
  readonly cpuMicros: number
  readonly rssBytes: number
}

// Both are the same on every Linux that Node 20 runs on, 64-bit ARM with large pages aside.
const MICROS_PER_TICK = 10_000
const PAGE_BYTES = 4096

/** `with children`: the sum over the process and those that it started and that still run. */
export async function readProcessStat(pid: number, whose?: 'with children'): Promise<ProcessStat> {
  const own = parseProcessStat(await readFile(`/proc/${pid}/stat`, 'utf8'))
  if (whose === undefined) return own
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const each = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((child) => readProcessStat(Number(child))),
  )
  return each.reduce(
    (sum, { cpuMicros, rssBytes }) => ({
      cpuMicros: sum.cpuMicros + cpuMicros,
      rssBytes: sum.rssBytes + rssBytes,
    }),
    own,
  )
}

/** Parses `/proc/<pid>/stat`. The name may contain anything, so fields are counted from its last bracket. */
export function parseProcessStat(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const [user, system, pages] = [fields[11], fields[12], fields[21]].map(Number)
  if (
    user === undefined ||
    system === undefined ||
    pages === undefined ||
    Number.isNaN(user + system + pages)
  ) {
    throw new Error('This is no line of /proc/<pid>/stat.')
  }
  return { cpuMicros: (user + system) * MICROS_PER_TICK, rssBytes: pages * PAGE_BYTES }
}

/** What the scheduler of Linux knows of a process at one moment, over the threads that it has now. */
export interface ProcessTurns {
  /** CPU time in microseconds, exact. */
  readonly cpuMicros: number
  /** How often a thread went to sleep, and so how often one was woken. */
  readonly wakeUps: number
}

export async function readProcessTurns(pid: number): Promise<ProcessTurns> {
  const threads = await readdir(`/proc/${pid}/task`)
  const each = await Promise.all(
    threads.map(async (thread) => {
      const [schedstat, status] = await Promise.all([
        readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'),
        readFile(`/proc/${pid}/task/${thread}/status`, 'utf8'),
      ])
      return parseThreadTurns(schedstat, status)
    }),
  )
  return each.reduce((sum, { cpuMicros, wakeUps }) => ({
    cpuMicros: sum.cpuMicros + cpuMicros,
    wakeUps: sum.wakeUps + wakeUps,
  }))
}

/** Parses `schedstat`, whose first number is nanoseconds of CPU time, and `status` of one thread. */
export function parseThreadTurns(schedstat: string, status: string): ProcessTurns {
  const cpuMicros = Number(schedstat.split(' ', 1)[0]) / 1000
  const wakeUps = Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1])
  if (Number.isNaN(cpuMicros + wakeUps)) throw new Error('These are no schedstat and status of a thread.')
  return { cpuMicros, wakeUps }
}
