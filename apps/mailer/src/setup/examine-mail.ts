import { isPublicAddress } from '@emailauth/service/network/public-address'
import { type DkimKey, keysFor } from '../mime/dkim.ts'
import { domainOf, type Mailbox } from '../mime/mailbox.ts'
import { defaultClientName } from '../smtp/client-name.ts'
import type { SmtpServer } from '../smtp/smtp-url.ts'
import { checkDkim } from './check-dkim.ts'
import { checkDmarc } from './check-dmarc.ts'
import { checkMx, checkPtr } from './check-hosts.ts'
import { checkRelay } from './check-relay.ts'
import { checkSpf, type OutgoingAddress } from './check-spf.ts'
import { createDnsRecords, type DnsRecords, unlessDnsFails } from './dns-records.ts'
import { fail, type MailFinding, ok, warn } from './finding.ts'

/** What the mailer would send with; undefined where the environment says nothing. */
export interface MailSetup {
  readonly smtpServers: readonly SmtpServer[] | undefined
  readonly from: Mailbox | undefined
  readonly clientName: string | undefined
  readonly dkimKeys: readonly DkimKey[]
  readonly bounceAddress: string | undefined
}

/**
 * Looks up what receivers look up about the sender, and connects to each relay without a mail.
 * @param question `domain`: looked at in place of the sender's; `dns`: a server to ask
 * @throws {Error} when `dns` is no address
 */
export async function examineMail(
  setup: MailSetup,
  question: { readonly domain?: string | undefined; readonly dns?: string | undefined } = {},
): Promise<readonly MailFinding[]> {
  const dns = createDnsRecords(question.dns)
  const { from, smtpServers = [] } = setup
  const domain = question.domain ?? (from === undefined ? undefined : domainOf(from.address))
  const clientName = setup.clientName ?? (from === undefined ? undefined : defaultClientName(from))
  const relays = smtpServers.map((server) => (clientName === undefined ? server : { ...server, clientName }))
  const [records, ...visits] = await Promise.all([
    domain === undefined ? [] : lookUp(domain, setup, clientName, dns),
    ...relays.map((relay) => checkRelay(relay)),
  ])
  return [...given(setup, question.domain), ...records, ...visits]
}

function given({ from, smtpServers }: MailSetup, domain: string | undefined): MailFinding[] {
  const sender =
    from !== undefined
      ? ok('Sender', from.name === '' ? from.address : `${from.name} <${from.address}>`)
      : domain !== undefined
        ? undefined
        : fail(
            'Sender',
            'EMAILAUTH_MAIL_FROM is not set',
            'Set it: Acme <no-reply@acme.example>, or ask about --domain.',
          )
  const relay =
    smtpServers === undefined
      ? warn(
          'Relay',
          'EMAILAUTH_SMTP_URL is not set, so mails go to the built-in inbox',
          'Set it: smtp://user:password@smtp.acme.example',
        )
      : undefined
  return [sender, relay].filter((finding) => finding !== undefined)
}

async function lookUp(
  domain: string,
  setup: MailSetup,
  clientName: string | undefined,
  dns: DnsRecords,
): Promise<readonly MailFinding[]> {
  const { bounceAddress, dkimKeys } = setup
  // Without a bounce address the sender's own is the envelope sender.
  const envelope = bounceAddress === undefined ? domain : domainOf(bounceAddress)
  // Other keys sign for senders of tenants.
  const keys = keysFor(domain, dkimKeys)
  const checks = [
    [
      'SPF',
      outgoingAddresses(setup, clientName, dns).then((all) =>
        checkSpf(envelope, all, clientName ?? envelope, dns),
      ),
    ],
    ['DKIM', checkDkim(domain, keys, dns)],
    ['DMARC', checkDmarc({ from: domain, envelope, dkimKeys: keys }, dns)],
    ['MX', checkMx(envelope, dns)],
    ...(clientName === undefined ? [] : [['PTR', checkPtr(clientName, dns)] as const]),
  ] as const
  return (await Promise.all(checks.map(([name, check]) => unlessDnsFails(name, check)))).flat()
}

/** The relays' public addresses, and those of our name in EHLO: a relay beside us sends from there. */
async function outgoingAddresses(
  { smtpServers = [] }: MailSetup,
  clientName: string | undefined,
  dns: DnsRecords,
): Promise<readonly OutgoingAddress[]> {
  const hosts = smtpServers.map(({ host }) => ({ host, of: `the relay ${host}` }))
  if (clientName !== undefined) hosts.push({ host: clientName, of: `${clientName}, our name in EHLO` })
  const found = await Promise.all(
    hosts.map(async ({ host, of }) => (await dns.addresses(host)).map((address) => ({ address, of }))),
  )
  return found.flat().filter(({ address }) => isPublicAddress(address))
}
