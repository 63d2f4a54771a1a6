import { readFileSync } from 'node:fs'
import { errorCode } from '../error-code.ts'
import { VARIABLE_NAMES } from './variable-names.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Variables whose value may lie in a file that `…_FILE` names, as container platforms mount secrets. */
export const SECRET_VARIABLES = [
  'EMAILAUTH_ACCEPTED_SERVICE_TOKENS',
  'EMAILAUTH_API_KEY',
  'EMAILAUTH_BOUNCE_SECRET',
  'EMAILAUTH_DKIM',
  'EMAILAUTH_MAILER_KEYS',
  'EMAILAUTH_MAILGUN_SIGNING_KEY',
  'EMAILAUTH_POSTMARK_WEBHOOK_AUTH',
  'EMAILAUTH_REDIS_URL',
  'EMAILAUTH_SECRET_KEYS',
  'EMAILAUTH_SENDGRID_WEBHOOK_KEY',
  'EMAILAUTH_SERVICE_TOKEN',
  // After EMAILAUTH_SERVICE_TOKEN, which a mistyped EMAILAUTH_TOKEN more likely means.
  'EMAILAUTH_METRICS_TOKEN',
  'EMAILAUTH_SMTP_URL',
] as const

const NEAR = 2

/**
 * Replaces `…_FILE` variables by their files' contents, and detects mistyped names. `faults` has a line for
 * each fault, without values.
 */
export function readGiven(env: Variables): { readonly env: Variables; readonly faults: readonly string[] } {
  const faults = [...misspelt(Object.keys(env).filter((name) => isMeant(env[name])))]
  const read: Record<string, string | undefined> = { ...env }
  for (const name of SECRET_VARIABLES) {
    const path = env[`${name}_FILE`]
    if (path === undefined || path === '') continue
    if (env[name]) {
      faults.push(`${name}: is set, and so is ${name}_FILE; only one of them may be`)
      continue
    }
    try {
      read[name] = readFileSync(path, 'utf8').trim()
    } catch (error) {
      const code = errorCode(error) ?? 'unknown error'
      faults.push(`${name}_FILE: ${path} cannot be read (${code})`)
    }
  }
  return { env: read, faults }
}

/**
 * Kubernetes sets variables such as `EMAILAUTH_PORT=tcp://…` where a service is called `emailauth`. None of
 * ours has such a value.
 */
function isMeant(value: string | undefined): boolean {
  return value !== '' && !/^(?:tcp|udp|sctp):\/\//.test(value ?? '')
}

/** A line for each unknown variable that seems to mean a known one. */
function* misspelt(given: readonly string[]): Iterable<string> {
  // Secrets first: EMAILAUTH_SMTP is more likely meant as the URL than as a port.
  const known = new Set<string>([
    ...SECRET_VARIABLES,
    ...VARIABLE_NAMES,
    ...SECRET_VARIABLES.map((name) => `${name}_FILE`),
  ])
  for (const name of given) {
    if (!name.startsWith('EMAILAUTH_') || known.has(name)) continue
    const meant = nearest(name, known) ?? [...known].find((candidate) => isPartOf(name, candidate))
    if (meant !== undefined) yield `${name}: is not known; did you mean ${meant}?`
  }
}

function nearest(name: string, known: Iterable<string>): string | undefined {
  const [found] = [...known]
    .map((candidate) => ({ candidate, distance: distanceBetween(name, candidate) }))
    // Every name is close to a short one.
    .filter(({ candidate, distance }) => distance <= (candidate.length < 20 ? 1 : NEAR))
    .sort((a, b) => a.distance - b.distance)
  return found?.candidate
}

/** Whether a name has only words of another one, as `EMAILAUTH_REDIS` of `EMAILAUTH_REDIS_URL`. */
function isPartOf(name: string, other: string): boolean {
  const words = other.split('_')
  return name.split('_').every((word) => words.includes(word))
}

/** The edit distance: letters to insert, delete, change, or swap with their neighbour. */
export function distanceBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > NEAR) return NEAR + 1
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (rows[i - 1]?.[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (rows[i - 1]?.[j - 1] ?? 0) + same,
        swapped ? (rows[i - 2]?.[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    rows[i] = row
  }
  return rows[a.length]?.[b.length] ?? NEAR + 1
}
