import { readEmailAddress } from '@emailauth/contracts/email-address'
import { preview, previewRequest, previewTestReply, previewTestRequest } from '@emailauth/contracts/previews'
import { problem } from '@emailauth/contracts/problems'
import type { ServiceApp } from '@emailauth/service/http/app'
import { ProblemError } from '@emailauth/service/http/problem-error'
import { addRoutes, routeWith } from '@emailauth/service/http/routes'
import { orUnavailable } from '../message-state/or-unavailable.ts'
import { isMailable } from '../mime/mailbox.ts'
import { mailOf } from '../tenants/mail-of.ts'
import { previewMail } from './preview-mail.ts'
import type { SendTestMail } from './test-mail.ts'
import type { TestMailLimit } from './test-mail-limit.ts'

interface PreviewRoutesPort {
  readonly sendTestMail: SendTestMail
  readonly limit: TestMailLimit
}

const route = routeWith<PreviewRoutesPort>()

/** Shows a mail before anybody gets one, and sends it as a test to a real mailbox. */
export function addPreviewRoutes(app: ServiceApp, ports: PreviewRoutesPort): void {
  addRoutes(app, ports, [showMail, sendTest])
}

const showMail = route({
  method: 'POST',
  url: '/v1/previews',
  schema: {
    summary: 'The mail with these settings and a sample number',
    body: previewRequest,
    response: { 200: preview, 400: problem },
  },
  handler: async (_ports, { body }) => previewMail(body),
})

const sendTest = route({
  method: 'POST',
  url: '/v1/previews/test',
  schema: {
    summary: 'Sends that mail to an address, once, and answers what the SMTP server said',
    body: previewTestRequest,
    response: { 200: previewTestReply, 400: problem, 429: problem, 503: problem },
  },
  handler: async ({ limit, sendTestMail }, { body }) => {
    const address = readEmailAddress(body.email)
    const email = 'fault' in address ? body.email : address.email
    if (!isMailable(email)) {
      throw new ProblemError('bad-input', 'No mail can be sent to this address.', { field: 'email' })
    }
    const waitSeconds = await orUnavailable(limit(body.tenantId, email))
    if (waitSeconds > 0) {
      const detail = `So many test mails were sent; try again in ${waitSeconds} s.`
      throw new ProblemError('rate-limited', detail, { limit: 'email', retryAfterSeconds: waitSeconds })
    }
    return sendTestMail({ ...body, email, mail: mailOf(body) })
  },
})
