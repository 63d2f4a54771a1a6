import { readFile } from 'node:fs/promises'

/** What all processors of the machine did since it started, in microseconds; in steps of 10,000. */
export interface MachineStat {
  readonly busyMicros: number
  readonly idleMicros: number
}

const MICROS_PER_TICK = 10_000

export async function readMachineStat(): Promise<MachineStat> {
  return parseMachineStat(await readFile('/proc/stat', 'utf8'))
}

/** Parses the first line of `/proc/stat`. Time stolen by the host counts as busy, disk wait as idle. */
export function parseMachineStat(text: string): MachineStat {
  const [name, ...ticks] = (text.split('\n')[0] ?? '').split(/ +/)
  const [user = 0, nice = 0, system = 0, idle, ioWait = 0, irq = 0, softIrq = 0, steal = 0] =
    ticks.map(Number)
  if (name !== 'cpu' || idle === undefined) throw new Error('This is no /proc/stat.')
  return {
    busyMicros: (user + nice + system + irq + softIrq + steal) * MICROS_PER_TICK,
    idleMicros: (idle + ioWait) * MICROS_PER_TICK,
  }
}
