import type { Colors } from '../terminal/output.ts'
import { printable } from '../terminal/output.ts'

/** What pino writes with every line and nobody wants to read again. */
const KNOWN = new Set(['level', 'time', 'service', 'pid', 'hostname', 'msg', 'v'])
const NAME_WIDTH = 11

/**
 * Formats a service's log line: `gateway     warn  message key=value`. A line that is not JSON is unchanged.
 */
export function formatLogLine(service: string, line: string, colors: Colors): string {
  const entry = parseEntry(line)
  // One process may run several services, which name themselves.
  const name = colors.cyan(String(entry?.service ?? service).padEnd(NAME_WIDTH))
  if (entry === undefined) return `${name} ${printable(line)}`
  const level = String(entry.level)
  const fields = Object.entries(entry)
    .filter(([key]) => !KNOWN.has(key))
    .map(([key, value]) => ` ${colors.dim(`${key}=`)}${textOf(value)}`)
  return `${name} ${paint(level, colors)} ${printable(String(entry.msg ?? ''))}${fields.join('')}`
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const entry = JSON.parse(line)
    return typeof entry.level === 'string' ? entry : undefined
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string {
  // pino joins the messages of an error and its causes, and ours are sentences.
  const reason = isError(value) ? value.message.replaceAll('.: ', ': ') : value
  const text = typeof reason === 'string' ? reason : JSON.stringify(reason)
  return /^[^\s"=]+$/.test(text)
    ? printable(text)
    : typeof reason === 'string'
      ? JSON.stringify(reason)
      : printable(text)
}

/** An error as pino writes it; its stack is for the machines that read the JSON. */
function isError(value: unknown): value is { message: string } {
  return typeof value === 'object' && value !== null && 'stack' in value && 'message' in value
}

function paint(level: string, colors: Colors): string {
  const padded = level.padEnd(5)
  if (level === 'warn') return colors.yellow(padded)
  return level === 'error' || level === 'fatal' ? colors.red(padded) : colors.dim(padded)
}
