import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { errorCode } from '@emailauth/service/error-code'
import { type MailFinding, warn } from './finding.ts'

/** Look-ups in DNS. A name without such records gives an empty list; only a look-up that fails throws. */
export interface DnsRecords {
  /** The strings of each record joined, as SPF, DKIM and DMARC want them. */
  txt(name: string): Promise<readonly string[]>
  /** Host names, best preference first. A null MX (RFC 7505) is an empty name. */
  mx(name: string): Promise<readonly string[]>
  /** A and AAAA records; an address is its own. */
  addresses(host: string): Promise<readonly string[]>
  ptr(address: string): Promise<readonly string[]>
  /** As `dns.promises.resolve`, for mailauth. */
  resolve(name: string, type: string): Promise<unknown>
}

/** DNS did not answer a question: nothing is known then. */
export class DnsFault extends Error {
  override readonly name = 'DnsFault'
}

/** Of one question. `timeout`: milliseconds of a try. */
export const DNS_LIMITS = { timeout: 3000, tries: 2 }
const NO_RECORDS = new Set(['ENOTFOUND', 'ENODATA'])

/**
 * @param server address with an optional port; the system's servers by default
 * @throws {Error} when `server` is no address
 */
export function createDnsRecords(server?: string, limits = DNS_LIMITS): DnsRecords {
  const resolver = new Resolver(limits)
  if (server !== undefined) {
    try {
      resolver.setServers([server])
    } catch (cause) {
      throw new Error(
        '--dns must be an address, with a port if it is not 53: 192.0.2.53 or [2001:db8::53]:5353',
        {
          cause,
        },
      )
    }
  }

  async function asked<T>(
    name: string,
    type: string,
    question: Promise<readonly T[]>,
  ): Promise<readonly T[]> {
    try {
      return await question
    } catch (error) {
      const code = errorCode(error) ?? 'no answer'
      if (NO_RECORDS.has(code)) return []
      throw new DnsFault(`${type} of ${name}: ${code}`)
    }
  }

  return {
    async txt(name) {
      return (await asked(name, 'TXT', resolver.resolveTxt(name))).map((strings) => strings.join(''))
    },
    async mx(name) {
      const records = await asked(name, 'MX', resolver.resolveMx(name))
      return [...records].sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange)
    },
    async addresses(host) {
      if (isIP(host) !== 0) return [host]
      const found = [asked(host, 'A', resolver.resolve4(host)), asked(host, 'AAAA', resolver.resolve6(host))]
      return (await Promise.all(found)).flat()
    },
    ptr: (address) => asked(address, 'PTR', resolver.reverse(address)),
    resolve: (name, type) => resolver.resolve(name, type),
  }
}

/** The findings of a check, or that DNS did not answer it. */
export async function unlessDnsFails(
  name: string,
  check: Promise<readonly MailFinding[]>,
): Promise<readonly MailFinding[]> {
  try {
    return await check
  } catch (error) {
    if (!(error instanceof DnsFault)) throw error
    return [
      warn(
        name,
        `not known, DNS gave no answer: ${error.message}`,
        'Ask again, or ask another server: --dns SERVER',
      ),
    ]
  }
}
