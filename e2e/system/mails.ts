import { eventually } from '@emailauth/testing/eventually'
import type { System } from './running-system.ts'

/** What we read of a mail in the inbox's list. */
interface Mail {
  readonly Subject: string
  readonly MessageID: string
}

/**
 * The mails to an address in the built-in inbox, the newest first, for tests that need them and are not about
 * reading them by the CLI, which takes a quarter of a second of the processor to start.
 */
export async function mailsTo({ inboxUrl }: System, email: string): Promise<readonly Mail[]> {
  const reply = await fetch(`${inboxUrl}/api/v1/search?query=${encodeURIComponent(`to:${email}`)}`)
  const { messages } = (await reply.json()) as { messages: readonly Mail[] }
  return messages
}

/** The newest mail to an address, once there is one. */
export const mailTo = (system: System, email: string): Promise<Mail> =>
  eventually(async () => {
    const [newest] = await mailsTo(system, email)
    if (newest === undefined) throw new Error(`No mail to ${email} came.`)
    return newest
  }, 60_000)

/** The number that was mailed to an address, once it has come. */
export async function numberFor(system: System, email: string): Promise<string> {
  return numberIn(await mailTo(system, email))
}

/** The number in a mail's subject. */
export function numberIn({ Subject }: Mail): string {
  const [number] = /\d(?: ?\d){5,}/.exec(Subject) ?? []
  if (number === undefined) throw new Error(`No number is in "${Subject}".`)
  return number.replaceAll(' ', '')
}
