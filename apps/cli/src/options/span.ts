const MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Reads a span such as `90m`, `24h` or `30d` as ms. undefined: it is none.
 * @param most characters
 */
export function readSpanMs(text: string, most: number): number | undefined {
  const [, count, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? []
  return count === undefined || text.length > most ? undefined : Number(count) * (MS[unit] ?? 0)
}
