import { createPublicKey, type KeyObject } from 'node:crypto'
import type { DkimKey } from '../mime/dkim.ts'
import type { DnsRecords } from './dns-records.ts'
import { fail, type MailFinding, ok, warn } from './finding.ts'
import { readTags } from './tag-list.ts'

/** Compares each key that signs here with the one that DNS publishes. */
export async function checkDkim(
  domain: string,
  keys: readonly DkimKey[],
  dns: DnsRecords,
): Promise<readonly MailFinding[]> {
  if (keys.length === 0) {
    return [
      warn(
        'DKIM',
        'the mailer signs nothing (EMAILAUTH_DKIM); whether a relay signs was not looked at',
        `Make a key with: emailauth dkim create --domain ${domain}, or let the relay sign for ${domain}.`,
      ),
    ]
  }
  return Promise.all(keys.map((key) => checkKey(key, dns)))
}

async function checkKey({ domain, selector, privateKey }: DkimKey, dns: DnsRecords): Promise<MailFinding> {
  const name = `DKIM ${selector}`
  const at = `${selector}._domainkey.${domain}`
  const forms = publishedForms(createPublicKey(privateKey))
  const type = privateKey.asymmetricKeyType === 'rsa' ? 'rsa' : 'ed25519'
  const publish = `Publish at ${at} the TXT record: v=DKIM1; k=${type}; p=${forms[0]}`
  const records = await dns.txt(at)
  const [record, ...others] = records
  if (record === undefined) return fail(name, `${at} has no record, so no signature counts`, publish)
  if (others.length > 0) return fail(name, `${at} has ${records.length} records; one counts`, publish)
  const tags = readTags(record)
  const published = tags.get('p')?.replace(/\s/g, '')
  if (published === undefined) return fail(name, `${at} is not a DKIM key: it has no p=`, publish)
  if (published === '') return fail(name, `${at} says that the key is revoked (p= is empty)`, publish)
  if ((tags.get('k') ?? 'rsa') !== type || !forms.includes(published)) {
    return fail(name, `${at} publishes another key than the one that signs`, publish)
  }
  if (tags.get('t')?.split(':').includes('y')) {
    return warn(name, `${at} matches, but is in test mode (t=y)`, 'Take t=y out of the record.')
  }
  return ok(name, `${at} publishes the key that signs`)
}

/** RSA as SubjectPublicKeyInfo or, as some publish it, PKCS #1; Ed25519 as its 32 bytes (RFC 8463). */
function publishedForms(key: KeyObject): readonly [string, ...string[]] {
  const spki = key.export({ type: 'spki', format: 'der' })
  if (key.asymmetricKeyType !== 'rsa') return [spki.subarray(-32).toString('base64')]
  const pkcs1 = key.export({ type: 'pkcs1', format: 'der' })
  return [spki.toString('base64'), pkcs1.toString('base64')]
}
