import { setTimeout as wait } from 'node:timers/promises'
import type { InboxMail } from './inbox-client.ts'

const EVERY_MS = 200

/** Asks again until there is a mail or the time is over; then the answer is empty. */
export async function waitForMail(
  read: () => Promise<InboxMail[]>,
  waitSeconds: number,
): Promise<InboxMail[]> {
  const deadline = Date.now() + waitSeconds * 1000
  for (;;) {
    const mails = await read()
    if (mails.length > 0 || Date.now() >= deadline) return mails
    await wait(EVERY_MS)
  }
}
