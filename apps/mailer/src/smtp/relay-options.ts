import type { Timeouts } from './timeouts.ts'

/** What a relay's URL may set besides host, credentials and TLS. */
export interface RelayOptions {
  readonly timeouts?: Partial<Timeouts>
  /** Mails on one connection before it is closed. */
  readonly mailsPerConnection?: number
  /** Connections beyond `maxConnections` that may open while as many wait for slow replies. */
  readonly slowConnections?: number
  /** `false`: the commands of a message are sent one by one. */
  readonly pipelining?: false
}

/** Each in seconds. */
const TIMEOUTS = {
  connectTimeout: 'connectMs',
  bannerTimeout: 'bannerMs',
  commandTimeout: 'commandMs',
  mailTimeout: 'mailMs',
  rcptTimeout: 'rcptMs',
  dataTimeout: 'dataMs',
  blockTimeout: 'blockMs',
  dotTimeout: 'dotMs',
} as const satisfies Record<string, keyof Timeouts>

const LONGEST_TIMEOUT_SECONDS = 3600
const MOST_MAILS = 100_000
const MOST_SLOW = 1000

/** Names of these options in a URL. */
export const RELAY_OPTION_NAMES: readonly string[] = [
  ...Object.keys(TIMEOUTS),
  'mails',
  'slowConnections',
  'pipelining',
]

/** @throws {Error} with a sentence that names the option and its values */
export function readRelayOptions(parameters: URLSearchParams): RelayOptions {
  const timeouts: Partial<Record<keyof Timeouts, number>> = {}
  for (const [name, field] of Object.entries(TIMEOUTS)) {
    const seconds = wholeNumber(parameters, name, 1, LONGEST_TIMEOUT_SECONDS)
    if (seconds !== undefined) timeouts[field] = seconds * 1000
  }
  const mailsPerConnection = wholeNumber(parameters, 'mails', 1, MOST_MAILS)
  const slowConnections = wholeNumber(parameters, 'slowConnections', 0, MOST_SLOW)
  const pipelining = parameters.get('pipelining')
  if (pipelining !== null && pipelining !== 'on' && pipelining !== 'off') {
    throw new Error('pipelining must be on or off')
  }
  return {
    ...(Object.keys(timeouts).length > 0 ? { timeouts } : {}),
    ...(mailsPerConnection === undefined ? {} : { mailsPerConnection }),
    ...(slowConnections === undefined ? {} : { slowConnections }),
    ...(pipelining === 'off' ? { pipelining: false as const } : {}),
  }
}

function wholeNumber(parameters: URLSearchParams, name: string, least: number, most: number) {
  const text = parameters.get(name)
  if (text === null) return undefined
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Error(`${name} must be a whole number from ${least} to ${most}`)
  }
  return value
}
