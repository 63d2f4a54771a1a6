import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import { CliError, EXIT } from '../exit-codes.ts'

/** Reads an option as a whole number within bounds; anything else is a usage error. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }
}

/** Reads an option as a chance within bounds, such as 1e-6 or 0.000001. */
export function chance(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^[\d.]+(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a chance from ${min} to ${max}, such as 1e-6.`)
  }
}

/**
 * Requires an option. Commander's own check runs before the one for unknown options, so it would report a
 * missing `--email` instead of a mistyped `--emial`.
 */
export function required<Value>(value: Value | undefined, flags: string): Value {
  if (value === undefined) throw new CliError(EXIT.usage, `required option '${flags}' not specified`)
  return value
}

/** Reads a JSON file. "" stays as it is, and removes a setting. */
export function readJsonFile(path: string) {
  if (path === '') return path
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw new InvalidArgumentError('It must name a file of JSON.')
  }
}

/** Reads `yes` or `no`. "" stays as it is, and removes a setting. */
export function readYesOrNo(text: string): boolean | '' {
  if (text === '') return text
  if (text === 'yes' || text === 'no') return text === 'yes'
  throw new InvalidArgumentError('It must be yes or no.')
}
