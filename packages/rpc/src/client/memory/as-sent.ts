/**
 * A copy of plain data as it would arrive over HTTP: no field that is undefined, and nothing shared with the
 * sender. It costs a third of writing and parsing JSON.
 */
export function asSent(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(asSent)
  const copy: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(value)) {
    if (field !== undefined) copy[name] = asSent(field)
  }
  return copy
}
