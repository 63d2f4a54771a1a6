import { isPublicAddress } from '@emailauth/service/network/public-address'
import type { DnsRecords } from './dns-records.ts'
import { fail, type MailFinding, ok, skip, warn } from './finding.ts'

/** Whether reports of failed deliveries, and answers, find a server for this domain. */
export async function checkMx(domain: string, dns: DnsRecords): Promise<readonly MailFinding[]> {
  const fix = `Publish an MX record at ${domain} that names the server which takes its mail; reports of failed deliveries go there.`
  const hosts = await dns.mx(domain)
  if (hosts.includes('')) return [fail('MX', `${domain} takes no mail (null MX)`, fix)]
  if (hosts.length === 0) {
    const [address] = await dns.addresses(domain)
    return address === undefined
      ? [fail('MX', `${domain} has neither MX nor address, so many servers refuse it as a sender`, fix)]
      : [warn('MX', `${domain} has no MX record; mail goes to its address ${address}`, fix)]
  }
  const found = await Promise.all(hosts.map((host) => dns.addresses(host)))
  const dead = hosts.filter((_, i) => found[i]?.length === 0)
  if (dead.length > 0) return [fail('MX', `${dead.join(', ')} of ${domain} has no address`, fix)]
  return [ok('MX', `${domain}: ${hosts.join(', ')}`)]
}

/**
 * Whether the addresses of our EHLO name lead back to it. These are the outgoing addresses as far as they
 * can be known from here; a relay elsewhere has its own.
 */
export async function checkPtr(clientName: string, dns: DnsRecords): Promise<readonly MailFinding[]> {
  const addresses = (await dns.addresses(clientName)).filter(isPublicAddress)
  if (addresses.length === 0) {
    const why = `${clientName}, our name in EHLO, has no public address, so the one from which we connect is not known`
    return [skip('PTR', `not looked at: ${why}`)]
  }
  return Promise.all(
    addresses.map(async (address) => {
      const names = await dns.ptr(address)
      if (names.some((name) => name.toLowerCase() === clientName)) {
        return ok('PTR', `${address} and ${clientName}, our name in EHLO, lead to each other`)
      }
      const fix = `Let the owner of ${address} set its PTR record to ${clientName}, or set EMAILAUTH_SMTP_NAME to a name that it has.`
      const said = names.length === 0 ? 'has no PTR record' : `is called ${names.join(', ')}`
      return warn('PTR', `${address} of ${clientName} ${said}`, fix)
    }),
  )
}
