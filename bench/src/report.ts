import type { Results } from './bench.ts'
import type { Hotspots } from './cpu/profiler.ts'
import { allCpu, cpuBound, type Series } from './rounds/series.ts'
import type { Spread } from './rounds/statistics.ts'

/** Every line of the table fits into this; only the names of functions, in a profile, may be longer. */
const WIDTH = 80
const NAME = 26
const COLUMN = 17

/** The results as a table for people. */
export function report(results: Results): string {
  const { machine, setting, hotspots } = results
  const lines = [
    `emailauth bench, ${results.measuredAt.slice(0, 16).replace('T', ' ')} UTC`,
    `${machine.cores} cores, Node ${machine.node}, Redis ${machine.redis}, ${machine.cpu}`,
    `append-only file ${setting.appendOnly ? 'synced every second' : 'off'}, ${setting.connections} connections, tokens of ${setting.tokenBytes} bytes`,
    `${results.throughput.verify.rounds} rounds each: the median, below it (lowest-highest)`,
    ...throughputLines(results),
    ...memoryLines(results),
    ...scaleLines(results),
  ]
  return `${[...lines.map((line) => line.slice(0, WIDTH)), ...hotspots.flatMap(hotspotLines)]
    .map((line) => line.trimEnd())
    .join('\n')}\n`
}

function throughputLines({ machine, throughput: { yardstick, verify, register } }: Results): string[] {
  const columns = [yardstick, verify, register]
  const over = (name: string, cell: (series: Series) => string) => row(name, columns.map(cell))
  return [
    row('', ['yardstick', 'verify', 'register']),
    over('per second', ({ perSecond }) => thousands(perSecond.median)),
    over('', ({ perSecond }) => range(perSecond, 0)),
    over('ratio to the yardstick', ({ ratio }) => ratio.median.toFixed(2)),
    over('', ({ ratio }) => range(ratio, 2)),
    over('p50, ms', ({ p50Ms }) => p50Ms.median.toFixed(1)),
    over('p99, ms', ({ p99Ms }) => p99Ms.median.toFixed(1)),
    over('', ({ p99Ms }) => range(p99Ms, 1)),
    over("other programs' CPU, %", ({ otherWork }) => (100 * otherWork.median).toFixed(0)),
    '',
    'CPU, µs per operation',
    ...Object.keys(yardstick.cpuPerOperation).map((name) => over(`  ${name}`, micros(name))),
    over('  all of them', (series) => allCpu(series).toFixed(0)),
    over('CPU allows per second', (series) => thousands(cpuBound(series, machine.cores))),
    over('ratio to the yardstick', (series) =>
      (cpuBound(series, machine.cores) / cpuBound(yardstick, machine.cores)).toFixed(2),
    ),
  ]
}

function memoryLines({ rssBytes, memory, mailStateBytes }: Results): string[] {
  return [
    '',
    'Resident memory after the rounds, MB',
    ...Object.entries(rssBytes).map(([name, bytes]) => row(`  ${name}`, [(bytes / 1e6).toFixed(0)])),
    '',
    row('Redis, bytes', [...memory.map(({ identities }) => `at ${thousands(identities)}`)]),
    row(
      '  an identity',
      memory.map(({ bytesPerIdentity }) => bytesPerIdentity.toFixed(0)),
    ),
    row("  its mail's state", [mailStateBytes.toFixed(0)]),
  ]
}

function scaleLines({ scale }: Results): string[] {
  if (scale.length === 0) return []
  return [
    '',
    ...(['verify', 'register'] as const).flatMap((operation) => [
      row(`${operation} among live ones`, ['per second', 'ratio', 'p99, ms']),
      ...scale.map(({ memory: { identities }, [operation]: { perSecond, ratio, p99Ms } }) =>
        row(`  ${thousands(identities)}`, [
          thousands(perSecond.median),
          ratio.median.toFixed(operation === 'verify' ? 2 : 3),
          p99Ms.median.toFixed(1),
        ]),
      ),
    ]),
  ]
}

function hotspotLines({ operation, service, functions }: Hotspots): string[] {
  return [
    '',
    `${service}, µs per ${operation} by function`,
    ...functions.map(
      ({ location, microsPerOperation }) => `${microsPerOperation.toFixed(1).padStart(7)}  ${location}`,
    ),
  ]
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(NAME) + cells.map((cell) => cell.padStart(COLUMN)).join('')
}

function range({ min, max }: Spread, digits: number): string {
  return `(${min.toFixed(digits)}-${max.toFixed(digits)})`
}

function thousands(count: number): string {
  return Math.round(count).toLocaleString('en')
}

function micros(name: string): (series: Series) => string {
  return ({ cpuPerOperation }) => {
    const spent = cpuPerOperation[name] ?? 0
    return spent < 0.5 ? '-' : spent.toFixed(0)
  }
}
