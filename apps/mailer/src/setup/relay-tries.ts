import { cutText, oneLine } from '@emailauth/contracts/cut-text'
import type { RelayCheck } from '@emailauth/contracts/relay-checks'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { waitAtMost } from '@emailauth/service/timing/wait-at-most'
import type { SmtpServer } from '../smtp/smtp-url.ts'
import { checkRelay } from './check-relay.ts'

/**
 * Connects to a relay and says what came of it.
 * @throws {ProblemError} `unavailable` while too many relays are being tried
 */
export type TryRelay = (server: SmtpServer) => Promise<RelayCheck>

export interface RelayTriesOptions {
  /** Default: {@link TRY_MS}. */
  readonly withinMs?: number
}

/** Shorter than the callers' timeouts: the gateway waits 9.5 s, the dashboard 10 s. */
export const TRY_MS = 8000
/** Connections of tries that one mailer has open. They are no part of the relays' own limits. */
export const TRIES_AT_ONCE = 10
const DETAIL_MAX = 1000

/**
 * Tries relays. Simultaneous questions about one relay share one connection and one sign-in: relays lock out
 * clients that sign in too often, and mails need the same relays.
 */
export function createRelayTries({ withinMs = TRY_MS }: RelayTriesOptions = {}): TryRelay {
  const running = new Map<string, Promise<RelayCheck>>()

  return (server) => {
    const key = JSON.stringify(server)
    const known = running.get(key)
    if (known !== undefined) return known
    if (running.size >= TRIES_AT_ONCE) {
      const detail = 'Many relays are being tried at the moment; try again in a few seconds.'
      return Promise.reject(new ProblemError('unavailable', detail, { retryAfterSeconds: 3 }))
    }
    const asked = tryRelay(server, withinMs).finally(() => running.delete(key))
    running.set(key, asked)
    return asked
  }
}

async function tryRelay(server: SmtpServer, withinMs: number): Promise<RelayCheck> {
  const { host, port } = server
  const found = await waitAtMost(withinMs, checkRelay(server, { withinMs }))
  if (found === undefined) {
    const detail = `${host}:${port} did not greet and sign in within ${withinMs / 1000} s`
    return { host, port, level: 'fail', detail }
  }
  const { state, detail } = found
  return { host, port, level: state === 'skip' ? 'warn' : state, detail: shown(detail) }
}

/** A relay's text may be of any length and contain any character. */
function shown(detail: string): string {
  const line = oneLine(detail)
  return line.length > DETAIL_MAX ? `${cutText(line, DETAIL_MAX)}…` : line
}
