import { createHmac } from 'node:crypto'
import { expect } from '@playwright/test'
import type { CallService } from './service-call.ts'

/** What `EMAILAUTH_BOUNCE_SECRET` is for {@link bounce}. */
export const BOUNCE_SECRET = 'a bounce secret of 32 characters'

/** Says to a mailer that a mail came back, as a program that reads bounces does. */
export async function bounce(
  { callService }: { readonly callService: CallService },
  returned: { readonly messageId: string; readonly email: string; readonly reason: string },
): Promise<void> {
  const body = JSON.stringify({ ...returned, permanent: true })
  const seconds = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', BOUNCE_SECRET).update(`${seconds}.${body}`).digest('hex')
  const headers = {
    'emailauth-signature': `t=${seconds},v1=${signature}`,
    'content-type': 'application/json',
  }
  const reply = await callService('mailer', '/v1/bounces', { method: 'POST', body, headers })
  expect(reply.status).toBe(204)
}
