import { thousands } from '@emailauth/contracts/thousands'
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/**
 * What is wrong with a field, as a sentence without its subject. It names what is allowed, and never the
 * value that was sent.
 */
export function inputFault(issue: Issue | undefined): string {
  switch (issue?.code) {
    case 'unrecognized_keys':
      return 'has a field that is not known.'
    case 'invalid_type':
      return issue.input === undefined ? 'is missing.' : `must be ${nameOf(issue.expected)}.`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}.`
    case 'too_small':
      return `must have at least ${amount(issue.minimum, issue.origin)}.`
    case 'too_big':
      return `must have at most ${amount(issue.maximum, issue.origin)}.`
    default:
      return 'is not as the documentation says.'
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
}

const nameOf = (type: string) => TYPES[type] ?? `of the type ${type}`

function amount(bound: number | bigint, origin: string): string {
  const figure = thousands(bound)
  return origin === 'string' ? `${figure} characters` : `the value ${figure}`
}
