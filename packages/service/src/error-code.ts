/** The `code` of an error of the system or of Node, such as `ENOENT`. undefined: it has none. */
export function errorCode(error: unknown): string | undefined {
  const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string'
  return hasCode ? String(error.code) : undefined
}
