import { BlockList, isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { AUTH_OPTION_NAMES, type RelayAuth, readRelayAuth } from './relay-auth.ts'
import { RELAY_OPTION_NAMES, type RelayOptions, readRelayOptions } from './relay-options.ts'

/** One SMTP server that mail may go through. */
export interface SmtpServer extends RelayOptions {
  readonly host: string
  readonly port: number
  /** `tls`: TLS from the first byte. `required`: STARTTLS or nothing. `offered`: STARTTLS when the server has it. `none`: plain. */
  readonly security: 'tls' | 'required' | 'offered' | 'none'
  readonly auth?: RelayAuth
  /** How we call ourselves in EHLO. */
  readonly clientName?: string
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
 * More options: relay-options.ts and relay-auth.ts. What a URL can mean only by mistake is refused.
 * @throws {Error} with a sentence that tells the right form, and no password.
 */
export function parseSmtpUrls(list: string): readonly SmtpServer[] {
  return list.split(',').map((text) => parseSmtpUrl(text.trim()))
}

const OPTIONS: ReadonlySet<string> = new Set([
  ...RELAY_OPTION_NAMES,
  ...AUTH_OPTION_NAMES,
  'starttls',
  'rate',
  'connections',
])
const FORM = 'must be smtp:// or smtps:// with a host, or several of them, comma-separated'
/** Told wherever an unescaped character may have cut the URL short. */
const ESCAPES =
  'in user and password write % as %25, # as %23, / as %2F, ? as %3F, @ as %40, : as %3A and a comma as %2C'

/**
 * One of them.
 * @param options `ours` false: it is a tenant's, which must not make us run commands
 */
export function parseSmtpUrl(text: string, { ours = true } = {}): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw new Error(`${FORM}; ${ESCAPES}`)
  }
  refuseWhatIsCut(text, url)
  if (!ours && url.searchParams.has('tokenCommand')) throw new Error('tokenCommand is not for tenants')
  const secure = url.protocol === 'smtps:'
  const host = hostOf(url)
  const auth = readRelayAuth(decoded(url.username), decoded(url.password), url.searchParams)
  return {
    host,
    port: Number(url.port || (secure ? 465 : 587)),
    security: secure ? 'tls' : startTls(url.searchParams.get('starttls'), host),
    ...(auth === undefined ? {} : { auth }),
    ...bound('ratePerSecond', 'rate', url, 10_000),
    ...bound('maxConnections', 'connections', url, 100),
    ...readRelayOptions(url.searchParams),
  }
}

/** An unescaped character in a password ends the host, so that the mails would go to another one. */
function refuseWhatIsCut(text: string, url: URL): void {
  if (/[\s\p{C}]/u.test(text)) throw new Error(`must have no spaces; ${ESCAPES}`)
  if (text.includes('#')) throw new Error(`must have no "#"; ${ESCAPES}`)
  if (url.pathname !== '' && url.pathname !== '/') throw new Error(`must have no path; ${ESCAPES}`)
  if (url.port === '0') throw new Error('must have a port from 1 to 65535')
  const names = [...url.searchParams.keys()]
  // It may be a piece of a password, so it is not repeated.
  if (names.some((name) => !OPTIONS.has(name))) throw new Error(`has an option that is unknown; ${ESCAPES}`)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new Error(`${twice} must stand once`)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error(`has a "%" that begins no character; ${ESCAPES}`)
  }
}

/** URLs of this kind keep a host as it is written; names beyond ASCII are looked up in punycode. */
function hostOf(url: URL): string {
  const host = decoded(url.hostname).replace(/^\[|\]$/g, '')
  const ascii = isIP(host) === 0 ? domainToASCII(host) : host
  if (ascii === '') throw new Error(`${FORM}; ${ESCAPES}`)
  return ascii
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

function isLoopback(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost')
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4')
}
