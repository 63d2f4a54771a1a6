import { getDomain } from 'tldts'
import type { DkimKey } from '../mime/dkim.ts'
import type { DnsRecords } from './dns-records.ts'
import { fail, type MailFinding, ok, warn } from './finding.ts'
import { readTags } from './tag-list.ts'

export interface DmarcIdentifiers {
  /** Domain of the sender that people see. */
  readonly from: string
  /** Domain of the envelope sender. */
  readonly envelope: string
  readonly dkimKeys: readonly Pick<DkimKey, 'domain'>[]
}

const NAME = 'DMARC'

/** Looks up the policy for the sender's domain, and whether SPF and DKIM of our mails are aligned with it. */
export async function checkDmarc(
  { from, envelope, dkimKeys }: DmarcIdentifiers,
  dns: DnsRecords,
): Promise<readonly MailFinding[]> {
  const organization = organizationOf(from)
  const domains = [...new Set([from, organization])]
  let at = from
  let records: readonly string[] = []
  for (const domain of domains) {
    at = domain
    records = (await dns.txt(`_dmarc.${domain}`)).filter((text) => /^v=DMARC1\s*(?:;|$)/i.test(text))
    if (records.length > 0) break
  }
  const publish = `Publish a TXT record at _dmarc.${organization}: v=DMARC1; p=none; rua=mailto:…, later p=quarantine`
  const [record, ...others] = records
  if (record === undefined) return [fail(NAME, `${domains.join(' and ')}: no DMARC record`, publish)]
  if (others.length > 0) {
    return [fail(NAME, `_dmarc.${at} has ${records.length} records, so none counts`, 'Keep one of them.')]
  }
  const tags = readTags(record)
  const policy = (at === from ? undefined : tags.get('sp')) ?? tags.get('p') ?? ''
  if (!/^(?:none|quarantine|reject)$/i.test(policy)) {
    return [fail(NAME, `_dmarc.${at} has no policy (p=none, quarantine or reject)`, publish)]
  }
  const bySpf = isAligned(envelope, from, tags.get('aspf'))
  const byDkim = dkimKeys.some(({ domain }) => isAligned(domain, from, tags.get('adkim')))
  const said = `_dmarc.${at}: policy ${policy.toLowerCase()}`
  const aligned = [byDkim ? 'DKIM' : '', bySpf ? 'SPF' : ''].filter(Boolean).join(' and ')
  if (aligned === '') {
    const detail = `${said}; neither a DKIM key here nor the envelope sender (${envelope}) is aligned with ${from}`
    return [
      fail(
        NAME,
        detail,
        `Sign for ${from} (EMAILAUTH_DKIM), or take a bounce address in ${from} or below it.`,
      ),
    ]
  }
  if (!byDkim) {
    const detail = `${said}; aligned by SPF alone, which forwarding breaks (whether the relay signs was not looked at)`
    return [warn(NAME, detail, `Sign for ${from} too: emailauth dkim create --domain ${from}`)]
  }
  if (policy.toLowerCase() === 'none') {
    return [
      warn(
        NAME,
        `${said}, aligned by ${aligned}; others can still send as ${from}`,
        'Set p=quarantine once reports show that your mails pass.',
      ),
    ]
  }
  return [ok(NAME, `${said}, aligned by ${aligned}`)]
}

/** Strict: the same domain. Relaxed, the default: the same organization (RFC 7489, 3.1). */
function isAligned(domain: string, from: string, mode = 'r'): boolean {
  return mode.toLowerCase() === 's' ? domain === from : organizationOf(domain) === organizationOf(from)
}

function organizationOf(domain: string): string {
  return getDomain(domain, { allowPrivateDomains: true }) ?? domain
}
