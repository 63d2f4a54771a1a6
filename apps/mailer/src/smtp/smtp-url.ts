import { BlockList, isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { AUTH_OPTION_NAMES, type RelayAuth, readRelayAuth } from './relay-auth.ts'
import { RELAY_OPTION_NAMES, type RelayOptions, readRelayOptions } from './relay-options.ts'

/** An SMTP server that takes our mail. */
export interface SmtpServer extends RelayOptions {
  readonly host: string
  readonly port: number
  /**
   * `tls`: TLS from the first byte. `required`: STARTTLS or failure. `offered`: STARTTLS if supported.
   * `none`: plain.
   */
  readonly security: 'tls' | 'required' | 'offered' | 'none'
  readonly auth?: RelayAuth
  /** Our name in EHLO. */
  readonly clientName?: string
  /** Upper bound of mails a second. */
  readonly ratePerSecond?: number
  /** Upper bound of connections. */
  readonly maxConnections?: number
  /** Connect only to public addresses. */
  readonly publicOnly?: true
  /** A tenant named the host, so its look-ups must not hold up those of others. */
  readonly ofTenant?: true
}

/** Names a server in logs, metrics and events: without its credentials. */
export function relayName({ host, port }: Pick<SmtpServer, 'host' | 'port'>): string {
  return `${host}:${port}`
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/**
 * Reads `EMAILAUTH_SMTP_URL`: `smtp://[user:password@]host[:port]` or `smtps://…` (TLS from the first byte),
 * comma-separated in the order of use. Ports default to 587 and 465.
 * STARTTLS is required beyond loopback and not used on it, unless `?starttls=required`, `offered` or `none`
 * is given. `?rate=` bounds mails a second, `?connections=` connections. Further options: relay-options.ts,
 * relay-auth.ts. URLs that can only be a mistake are refused; of those that may be one smtp-url-warnings.ts
 * warns.
 * @throws {Error} with a sentence that shows the right form and contains no password.
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
/** Added to errors that an unescaped character may have caused. */
const ESCAPES =
  'in user and password write % as %25, # as %23, / as %2F, ? as %3F, @ as %40, : as %3A and a comma as %2C'

/**
 * Reads one URL of the list.
 * @param options `ours` false: a tenant's URL, which must not run commands on our host
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

/** Refuses a URL cut by an unescaped character in its password. Its mails would go to another host. */
function refuseWhatIsCut(text: string, url: URL): void {
  if (/[\s\p{C}]/u.test(text)) throw new Error(`must have no spaces; ${ESCAPES}`)
  if (text.includes('#')) throw new Error(`must have no "#"; ${ESCAPES}`)
  if (url.pathname !== '' && url.pathname !== '/') throw new Error(`must have no path; ${ESCAPES}`)
  if (url.port === '0') throw new Error('must have a port from 1 to 65535')
  const names = [...url.searchParams.keys()]
  // The name may be part of a password, so the error does not repeat it.
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

/** URLs of this scheme keep the host as written. Names beyond ASCII need punycode for the look-up. */
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
