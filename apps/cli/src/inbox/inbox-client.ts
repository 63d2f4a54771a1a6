import { domainToASCII } from 'node:url'
import { CliError, EXIT } from '../exit-codes.ts'
import { findNumber } from './find-number.ts'

/** A mail in the inbox; `number` is null when it holds none. */
export interface InboxMail {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly number: string | null
  /** ISO 8601. */
  readonly createdAt: string
}

export interface Inbox {
  /** The newest mails first. */
  newest(options: { readonly to?: string | undefined; readonly first: number }): Promise<InboxMail[]>
}

/** What we read of a mail in Mailpit's lists. */
interface ListedMail {
  readonly ID: string
  readonly To?: readonly { readonly Address: string }[] | null
  readonly Subject: string
  readonly Created: string
}

const TIMEOUT_MS = 5000
const SEARCHED = 1000

/** Reads an inbox through the part of Mailpit's API that the built-in one has too. */
export function createInbox(baseUrl: string): Inbox {
  const get = async <Reply>(path: string): Promise<Reply> => {
    const url = `${baseUrl.replace(/\/+$/, '')}${path}`
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
      if (!response.ok) throw new Error(`status ${response.status}`)
      // The part of a public API that is read here (Mailpit).
      return (await response.json()) as Reply
    } catch (cause) {
      throw new CliError(EXIT.unreachable, `The inbox at ${baseUrl} does not answer.`, {
        hint: 'Is it running? See: emailauth doctor',
        cause,
      })
    }
  }
  const numberOf = async ({ ID, Subject }: ListedMail): Promise<string | null> =>
    findNumber(Subject) ??
    findNumber((await get<{ Text?: string }>(`/api/v1/message/${encodeURIComponent(ID)}`)).Text ?? '')

  return {
    async newest({ to, first }) {
      const query = to === undefined ? '' : `&query=${encodeURIComponent(`to:${quoted(to)}`)}`
      const path = to === undefined ? '/api/v1/messages' : '/api/v1/search'
      // The search finds parts of addresses too, so that more is asked for than is wanted.
      const limit = to === undefined ? first : SEARCHED
      const { messages } = await get<{ messages: ListedMail[] }>(`${path}?limit=${limit}${query}`)
      const wanted = to === undefined ? messages : messages.filter((mail) => isFor(mail, to))
      return Promise.all(
        wanted.slice(0, first).map(async (mail) => ({
          id: mail.ID,
          to: mail.To?.[0]?.Address ?? '',
          subject: mail.Subject,
          number: await numberOf(mail),
          createdAt: mail.Created,
        })),
      )
    },
  }
}

function isFor({ To }: ListedMail, address: string): boolean {
  return (To ?? []).some(({ Address }) => comparable(Address) === comparable(address))
}

/** As the service compares addresses: without case, the domain in punycode. */
function comparable(address: string): string {
  const at = address.trim().lastIndexOf('@')
  const [local, domain] = [address.trim().slice(0, at), address.trim().slice(at + 1)]
  return `${local}@${domainToASCII(domain) || domain}`.toLowerCase()
}

/** Mailpit splits a query at spaces. */
function quoted(address: string): string {
  return /\s/.test(address) ? `"${address.replaceAll('"', '')}"` : address
}
