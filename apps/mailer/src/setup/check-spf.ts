import { spf } from 'mailauth/lib/spf'
import { DnsFault, type DnsRecords } from './dns-records.ts'
import { fail, type MailFinding, ok, warn } from './finding.ts'

/** An address from which mails may leave, and why we think so. */
export interface OutgoingAddress {
  readonly address: string
  readonly of: string
}

const NAME = 'SPF'

interface SpfQuestion {
  /** The envelope sender's. */
  readonly domain: string
  readonly record: string
  /** How the relay names itself in EHLO. */
  readonly helo: string
  readonly dns: DnsRecords
}

/**
 * Looks up the SPF record of the envelope sender's domain and evaluates it for the addresses that are known.
 * A relay may send from other addresses than those at which it receives, so one that is not covered is a
 * warning.
 */
export async function checkSpf(
  domain: string,
  outgoing: readonly OutgoingAddress[],
  helo: string,
  dns: DnsRecords,
): Promise<readonly MailFinding[]> {
  const records = (await dns.txt(domain)).filter((text) => /^v=spf1(?: |$)/i.test(text))
  const [record, ...others] = records
  if (record === undefined) {
    const publish = `Publish a TXT record at ${domain} with what the relay's operator names: v=spf1 include:… -all`
    return [fail(NAME, `${domain} has no SPF record`, publish)]
  }
  if (others.length > 0) {
    const merge = `Merge them: one TXT record at ${domain} may begin with v=spf1.`
    return [fail(NAME, `${domain} has ${records.length} SPF records, which counts as an error`, merge)]
  }
  if (/(?:^|\s)\+?all(?:\s|$)/i.test(record)) {
    return [warn(NAME, `${domain}: ${record} allows everybody to send`, 'End the record with -all or ~all.')]
  }
  if (outgoing.length === 0) {
    const why = 'whom it covers was not looked at, because no public address is known from which mails leave'
    return [ok(NAME, `${domain}: ${record}; ${why}`)]
  }
  return Promise.all(outgoing.map((one) => evaluate(one, { domain, record, helo, dns })))
}

async function evaluate(
  { address, of }: OutgoingAddress,
  { domain, record, helo, dns }: SpfQuestion,
): Promise<MailFinding> {
  const sender = `postmaster@${domain}`
  const { status } = await spf({ sender, ip: address, helo, mta: helo, resolver: dns.resolve })
  const { result, comment = '' } = status
  if (result === 'pass') return ok(NAME, `${domain}: ${record} covers ${address}, ${of}`)
  if (result === 'temperror') throw new DnsFault(`SPF of ${domain}`)
  if (result === 'permerror') {
    const why = comment.replace(/^.*?during lookup of \S+?: /, '')
    return fail(
      NAME,
      `${domain}: ${record} cannot be evaluated: ${why}`,
      'Correct the record and what it includes.',
    )
  }
  return warn(
    NAME,
    `${domain}: ${record} does not cover ${address}, ${of} (${result}); it may send from other addresses`,
    "Add what the relay's operator names for SPF, unless the record covers the addresses from which it sends.",
  )
}
