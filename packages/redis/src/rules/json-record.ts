/**
 * Records of JSON in Redis have a version, `format`. A service that is older than the record refuses it. It
 * would misread it, or write it again without what it does not know.
 */
export function writeJsonRecord(format: number, record: object): string {
  return JSON.stringify({ format, ...record })
}

/**
 * Reads a record, without its `format`. One that has none is of format 1.
 * @param newest the newest format that this build reads
 * @param kind names the record in the error, for example `tenant`
 * @throws {Error} when a newer version wrote the record.
 */
export function readJsonRecord(stored: string, newest: number, kind: string): Record<string, unknown> {
  const { format = 1, ...record } = JSON.parse(stored)
  requireFormat(format, newest, kind)
  return record
}

/** @throws {Error} when this build does not read records of this format. */
export function requireFormat(format: unknown, newest: number, kind: string): void {
  if (Number.isInteger(format) && Number(format) >= 1 && Number(format) <= newest) return
  throw new Error(
    `A stored ${kind} has format ${String(format)}; this version of emailauth reads formats up to ${newest}. A newer version wrote it.`,
  )
}
