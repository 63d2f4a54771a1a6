import { type Compared, type Comparison, OPERATIONS, type OperationCompared } from './compare.ts'
import { comparedHotspotLines } from './cpu/compared-hotspots.ts'
import type { Spread } from './rounds/statistics.ts'

/** The comparison as a table for people, at most 80 columns wide, and the functions that were profiled. */
export function reportComparison(comparison: Comparison): string {
  const { ours, other, starts, turns, verify, register, otherWork, hotspots } = comparison
  const lines = [
    `emailauth bench: ${ours} and ${other}`,
    `${starts} × ${turns} turns of ${OPERATIONS.toLocaleString('en')}: medians of starts; other programs' CPU ${(100 * otherWork.median).toFixed(0)} %`,
    ...operationLines('verify', verify),
    ...operationLines('register', register),
  ]
  const all = [...lines.map((line) => line.slice(0, 80).trimEnd()), ...hotspots.flatMap(comparedHotspotLines)]
  return `${all.join('\n')}\n`
}

/** The kernel counts CPU in steps of 10 ms: of a process that needs less there is no ratio. */
const ratioOf = ({ median, min, max }: Spread) =>
  [median, min, max].every(Number.isFinite)
    ? `${median.toFixed(3)} (${min.toFixed(2)}-${max.toFixed(2)})`
    : '-'

function operationLines(
  name: string,
  { perSecond, p50Ms, p99Ms, cpuPerOperation }: OperationCompared,
): string[] {
  const line = (label: string, { other, ours, ratio }: Compared, digits: number) =>
    [
      label.padEnd(26),
      other.median.toFixed(digits).padStart(11),
      ours.median.toFixed(digits).padStart(11),
      ratioOf(ratio).padStart(24),
    ].join('')
  return [
    '',
    `${name.padEnd(26)}${'other'.padStart(11)}${'this'.padStart(11)}${'this / other'.padStart(24)}`,
    line('per second', perSecond, 0),
    line('p50, ms', p50Ms, 1),
    line('p99, ms', p99Ms, 1),
    ...Object.entries(cpuPerOperation).map(([process, compared]) =>
      line(`  ${process}, µs of CPU`, compared, 1),
    ),
  ]
}
