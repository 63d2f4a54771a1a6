import { type Logger, type LoggerOptions, pino } from 'pino'
import { traceFields } from './tracing.ts'

/**
 * Fields that are never logged, down to the fifth level of an entry: numbers, tokens, addresses, keys.
 * `args` are those of a command that Redis refused: ioredis keeps them with the error, also the password.
 */
const REDACTED = [
  'args',
  'number',
  'token',
  'email',
  'apiKey',
  'key',
  'secret',
  'secretDigest',
  'authorization',
  'cookie',
  'clientIp',
]
const LEVELS = ['', '*.', '*.*.', '*.*.*.', '*.*.*.*.']

/** pino's options for every service: one JSON line an entry, ISO time, the service's name, nothing secret. */
export function loggerOptions(service: string, level: string): LoggerOptions {
  return {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    // A line within a traced request has the ids of its trace.
    mixin: traceFields,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: REDACTED.flatMap((field) => LEVELS.map((level) => `${level}${field}`)),
      censor: '[redacted]',
    },
  }
}

/**
 * A logger that writes JSON lines to stdout, with secrets and personal data redacted by the names of fields.
 * @param level of pino, such as `info`
 */
export function createLogger(service: string, level: string): Logger {
  return pino(loggerOptions(service, level))
}

export type { Logger } from 'pino'
