import type { Rate } from '@emailauth/client'
import { InvalidArgumentError } from 'commander'

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Reads `5/10m` as at most 5 in any 10 minutes. */
export function readRate(text: string): Rate {
  const [, max, count = '1', unit = ''] = /^(\d{1,9})\/(\d{1,7})?([smhd])$/.exec(text.trim()) ?? []
  if (max === undefined) throw new InvalidArgumentError('It must be a rate such as 5/10m or 1/30s.')
  return { max: Number(max), windowSeconds: Number(count) * (SECONDS[unit] ?? 1) }
}

/** Several, comma-separated; all of them hold. */
export function readRates(text: string): readonly Rate[] {
  return text.split(',').map(readRate)
}
