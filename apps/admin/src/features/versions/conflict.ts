/** A field that somebody has changed since a form was opened. */
export interface ConflictRow {
  readonly label: string
  /** What is saved now. */
  readonly theirs: string
  /** What the form has. undefined: it did not change this field. */
  readonly yours: string | undefined
}

export type ShownFields = Readonly<Record<string, string>>

/**
 * The fields that either side has changed, by their labels. Empty when the other side changed none of them.
 * @param base as the form was opened
 */
export function conflictRows(base: ShownFields, theirs: ShownFields, yours: ShownFields): ConflictRow[] {
  const labels = [...new Set([base, theirs, yours].flatMap(Object.keys))]
  const isIn = (side: ShownFields) => (label: string) => (side[label] ?? '') !== (base[label] ?? '')
  if (!labels.some(isIn(theirs))) return []
  const isYours = isIn(yours)
  return labels
    .filter((label) => isIn(theirs)(label) || isYours(label))
    .map((label) => ({
      label,
      theirs: theirs[label] ?? '',
      yours: isYours(label) ? (yours[label] ?? '') : undefined,
    }))
}
