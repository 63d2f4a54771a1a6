import { BlockList, isIP } from 'node:net'
import { type RelayOptions, readRelayOptions } from './relay-options.ts'

/** One SMTP server that mail may go through. */
export interface SmtpServer extends RelayOptions {
  readonly host: string
  readonly port: number
  /** `tls`: TLS from the first byte. `required`: STARTTLS or nothing. `offered`: STARTTLS when the server has it. `none`: plain. */
  readonly security: 'tls' | 'required' | 'offered' | 'none'
  readonly auth?: { readonly user: string; readonly pass: string }
  /** Mails a second, at most. */
  readonly ratePerSecond?: number
  /** Connections at a time, at most. */
  readonly maxConnections?: number
  /** Only public addresses are connected to. */
  readonly publicOnly?: true
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/**
 * Reads `EMAILAUTH_SMTP_URL`: `smtp://[user:password@]host[:port]` or `smtps://…` (TLS from the first byte), comma-separated in
 * the order in which they are tried. Beyond loopback STARTTLS is required, at loopback not used; `?starttls=required`, `offered`
 * or `none` says otherwise. `?rate=` bounds the mails a second, `?connections=` the connections. Ports default to 587 and 465.
 * More options: relay-options.ts.
 * @throws {Error} with a sentence that tells the right form, and no password.
 */
export function parseSmtpUrls(list: string): readonly SmtpServer[] {
  return list.split(',').map((text) => parseSmtpUrl(text.trim()))
}

/** One of them. */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw new Error('must be smtp:// or smtps:// with a host, or several of them, comma-separated')
  }
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return {
    host,
    port: Number(url.port || (secure ? 465 : 587)),
    security: secure ? 'tls' : startTls(url.searchParams.get('starttls'), host),
    ...credentials(url),
    ...bound('ratePerSecond', 'rate', url, 10_000),
    ...bound('maxConnections', 'connections', url, 100),
    ...readRelayOptions(url.searchParams),
  }
}

function startTls(asked: string | null, host: string): SmtpServer['security'] {
  if (asked === null) return isLoopback(host) ? 'none' : 'required'
  if (asked === 'required' || asked === 'offered' || asked === 'none') return asked
  throw new Error('starttls must be required, offered or none')
}

function bound(name: 'ratePerSecond' | 'maxConnections', parameter: string, url: URL, max: number) {
  const asked = url.searchParams.get(parameter)
  if (asked === null) return {}
  const value = Number(asked)
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new Error(`${parameter} must be a whole number from 1 to ${max}`)
  }
  return { [name]: value }
}

function credentials(url: URL): Pick<SmtpServer, 'auth'> {
  if (url.username === '') return {}
  return { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
}

function isLoopback(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost')
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}
