import { type Logger, type LoggerOptions, pino, type SerializedError, stdSerializers } from 'pino'
import { traceFields } from '../telemetry/tracing.ts'

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
    serializers: { err: errorOf },
    redact: {
      paths: REDACTED.flatMap((field) => LEVELS.map((level) => `${level}${field}`)),
      censor: '[redacted]',
    },
  }
}

/** Redis repeats the arguments of a command that it does not know, as some proxies do not know AUTH. */
const REPEATED_ARGUMENTS = /, with args beginning with:.*/g

function errorOf(error: Error): SerializedError {
  const serialized = stdSerializers.err(error)
  // What is no error comes back as it is, and is the caller's.
  if (!(error instanceof Error)) return serialized
  for (const field of ['message', 'stack'] as const)
    if (typeof serialized[field] === 'string')
      serialized[field] = serialized[field].replace(REPEATED_ARGUMENTS, '')
  return serialized
}

/**
 * A logger that writes JSON lines to stdout, with secrets and personal data redacted by the names of fields.
 * @param level of pino, such as `info`
 */
export function createLogger(service: string, level: string): Logger {
  return pino(loggerOptions(service, level))
}

export type { Logger } from 'pino'
