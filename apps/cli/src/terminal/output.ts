import { EmailauthError } from '@emailauth/client'
import pico from 'picocolors'
import { CliError } from '../exit-codes.ts'
import { errnoSentence } from './errno-sentence.ts'
import { withNextCommand } from './next-command.ts'
import { wrapText } from './wrap.ts'

/** A stream to the terminal or to another program. */
export interface OutputStream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

/** Columns of a terminal; undefined when a program reads it. A terminal that does not know has 80. */
export function columnsOf(
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): number | undefined {
  return stream.isTTY ? stream.columns || readColumns(env) || 80 : undefined
}

/** `COLUMNS`, as a shell exports it. */
export function readColumns(env: Readonly<Record<string, string | undefined>>): number | undefined {
  return /^[1-9]\d{0,3}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : undefined
}

export type Colors = ReturnType<typeof pico.createColors>

export interface OutputOptions {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly json: boolean
  readonly quiet: boolean
}

/** Data goes to stdout, info to stderr; each stream is coloured only when a person looks at it. */
export interface Output {
  readonly json: boolean
  /** Columns of the terminal that shows the data; undefined when a program reads it. */
  readonly width: number | undefined
  /** The same of the terminal that shows what is said beside the data. */
  readonly infoWidth: number | undefined
  readonly colors: Colors
  readonly infoColors: Colors
  /** One value for programs (`--json`: one line) or its text for people. */
  data(value: unknown, text: () => string): void
  /** A line for people beside the data. Silent with `--quiet`. */
  info(line: string): void
  /** A line of somebody else's log, on stderr. */
  log(line: string): void
  /**
   * The sentence of an expected outcome that is no success, and what to do next. With `--json` the data has
   * said it.
   */
  problem(sentence: string, hint?: string): void
  /** Why the command failed; with `--json` one line `{"error":{…}}`. */
  fault(error: unknown): void
}

export function createOutput({ stdout, stderr, env, json, quiet }: OutputOptions): Output {
  const colors = pico.createColors(!json && isColourful(stdout, env))
  const infoColors = pico.createColors(isColourful(stderr, env))
  const width = columnsOf(stdout, env)
  const infoWidth = columnsOf(stderr, env)
  const say = (text: string) => stderr.write(`${wrapText(withNextCommand(text, env), infoWidth)}\n`)
  return {
    json,
    width,
    infoWidth,
    colors,
    infoColors,
    data(value, text) {
      const line = json ? printableJson(value) : text()
      if (line !== '') stdout.write(`${line}\n`)
    },
    info(line) {
      if (!quiet) say(line)
    },
    log(line) {
      stderr.write(`${line}\n`)
    },
    problem(sentence, hint) {
      if (json) return
      say(infoColors.yellow(printable(sentence)))
      if (hint !== undefined) say(hint)
    },
    fault(error) {
      if (json) stderr.write(`${printableJson({ error: describeFault(error) })}\n`)
      else say(`${infoColors.red('error:')} ${sentencesOf(error)}`)
    },
  }
}

/** Colour only for a terminal that wants it: https://no-color.org, and FORCE_COLOR for those who pipe into a pager. */
export function isColourful(
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0'
  return stream.isTTY === true && env.TERM !== 'dumb'
}

/** Control characters, which could steer a terminal, and what turns the direction of text or ends a line. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** Text from elsewhere as it may be shown. */
export function printable(text: string): string {
  return text.replace(UNSAFE, '\u{fffd}')
}

/** JSON of the same value. Its own escapes leave what the terminal of a person would obey (U+007F and up). */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(UNSAFE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Only then the request's id is of use: it is also in the server's log. */
function isServersFault({ code }: EmailauthError): boolean {
  return code === 'INTERNAL_SERVER_ERROR' || code === 'SERVICE_UNAVAILABLE'
}

function describeFault(error: unknown) {
  if (error instanceof EmailauthError) {
    const { code, message, requestId, field, retryAfterSeconds, currentVersion } = error
    return { code, message, requestId, field, retryAfterSeconds, currentVersion }
  }
  if (error instanceof CliError) return { code: 'CLI', message: error.message, hint: error.hint }
  return {
    code: 'CLI',
    message: errnoSentence(error) ?? (error instanceof Error ? error.message : String(error)),
  }
}

function sentencesOf(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error))
  const lines = [(errnoSentence(error) ?? error.message).split('\n').map(printable).join('\n')]
  if (error instanceof CliError && error.hint !== undefined) lines.push(error.hint)
  if (error instanceof EmailauthError) {
    if (error.code === 'UNREACHABLE') lines.push('Is it running? See: emailauth doctor')
    if (error.code === 'UNAUTHENTICATED') lines.push('The API key does not work here. See: emailauth doctor')
    if (isServersFault(error) && error.requestId !== undefined)
      lines.push(`(request ${printable(error.requestId)})`)
  }
  return lines.join('\n')
}
