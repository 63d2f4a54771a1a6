import type { Failure } from './failure.ts'
import type { RowActs } from './row-acts.ts'

export interface FailureGroup {
  readonly names: readonly string[]
  /** Of that kind, with the request ids of all. */
  readonly failure: Failure
}

/**
 * The failures of rows, one group for each kind.
 * @param nameOf undefined: the failure of this row no longer matters
 */
export function groupFailures(
  failures: RowActs['failures'],
  nameOf: (id: string) => string | undefined,
): readonly FailureGroup[] {
  const groups = new Map<Failure['kind'], { names: Set<string>; requestIds: string[] }>()
  for (const [id, { kind, requestId }] of failures) {
    const name = nameOf(id)
    if (name === undefined) continue
    const group = groups.get(kind) ?? { names: new Set(), requestIds: [] }
    group.names.add(name)
    if (requestId !== undefined) group.requestIds.push(requestId)
    groups.set(kind, group)
  }
  return [...groups].map(([kind, { names, requestIds }]) => ({
    names: [...names],
    failure: { kind, requestId: requestIds.join(', ') || undefined },
  }))
}
