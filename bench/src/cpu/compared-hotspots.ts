import type { Hotspots } from './profiler.ts'

/** Where CPU time goes in both builds, by function, microseconds for each operation. */
export interface ComparedHotspots {
  readonly operation: string
  readonly service: string
  /** Those that take most in either build first. */
  readonly functions: readonly {
    readonly location: string
    readonly other: number
    readonly ours: number
  }[]
}

const MOST = 60

/** Joins the profiles of two builds of one service. */
export function compareHotspots(other: readonly Hotspots[], ours: readonly Hotspots[]): ComparedHotspots[] {
  return ours.map(({ operation, service, functions }) => {
    const before = other.find((one) => one.operation === operation && one.service === service)
    const [otherTimes, ourTimes] = [timesOf(before?.functions ?? []), timesOf(functions)]
    const locations = [...new Set([...otherTimes.keys(), ...ourTimes.keys()])]
    const compared = locations
      .map((location) => ({
        location,
        other: otherTimes.get(location) ?? 0,
        ours: ourTimes.get(location) ?? 0,
      }))
      .sort((a, b) => Math.max(b.other, b.ours) - Math.max(a.other, a.ours))
    return { operation, service, functions: compared.slice(0, MOST) }
  })
}

function timesOf(functions: Hotspots['functions']): Map<string, number> {
  const times = new Map<string, number>()
  for (const { location, microsPerOperation } of functions) {
    const known = knownAs(location)
    times.set(known, (times.get(known) ?? 0) + microsPerOperation)
  }
  return times
}

/**
 * What a function is called in any build: without its line and the folders of its file, which move, the
 * number that the bundler adds to a name which is there twice, and the digest in a bundle's name.
 */
function knownAs(location: string): string {
  return location
    .replace(/:\d+$/, '')
    .replace(/(?<= {2}).*\/(?=[^/]+\.ts$)/, '')
    .replace(/(?<=[a-z])\d+(?= {2})/i, '')
    .replace(/ {2}service-\w+\.cjs$/, '  (packages)')
}

/** Lines for people: the other build, this one, the difference, the function. */
export function comparedHotspotLines({ operation, service, functions }: ComparedHotspots): string[] {
  const cell = (micros: number) => micros.toFixed(1).padStart(8)
  return [
    '',
    `${service}, µs per ${operation} by function: other, this, difference`,
    ...functions.map(
      ({ location, other, ours }) => `${cell(other)}${cell(ours)}${cell(ours - other)}  ${location}`,
    ),
  ]
}
