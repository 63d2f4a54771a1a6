import type { FastifyInstance } from 'fastify'
import { createTransport } from 'nodemailer'
import { z } from 'zod'
import { readMail } from '../mail/mail.ts'
import { MAX_MESSAGE_BYTES } from '../smtp.ts'
import type { MessageStore } from '../store.ts'
import { fault, parseJson } from './requests.ts'

const address = z.object({ Email: z.email(), Name: z.string().optional() })
const addresses = z.array(address).max(100).nullish()
const request = z.object({
  From: address,
  To: addresses,
  Cc: addresses,
  Bcc: z.array(z.email()).max(100).nullish(),
  ReplyTo: addresses,
  Subject: z.string().default(''),
  Text: z.string().default(''),
  HTML: z.string().optional(),
  Headers: z.record(z.string().regex(/^[\w-]+$/), z.string()).optional(),
  Attachments: z
    .array(
      z.object({
        Content: z.string(),
        Filename: z.string(),
        ContentType: z.string().optional(),
        ContentID: z.string().optional(),
      }),
    )
    .nullish(),
})

type SendRequest = z.infer<typeof request>

/** Nodemailer composes the mail and sends it nowhere. */
const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })

/** Mail by HTTP, for programs without SMTP. It is then handled like any other mail. */
export function addSendRoute(app: FastifyInstance, store: MessageStore): void {
  app.post('/api/v1/send', { bodyLimit: 2 * MAX_MESSAGE_BYTES }, async (sent, reply) => {
    const body = request.safeParse(parseJson(sent.body))
    if (!body.success) return fault(reply, 400, z.prettifyError(body.error))
    const { envelope, message } = await composer.sendMail(mailOf(body.data))
    // With `buffer` it is no stream.
    const raw = message as Buffer
    if (raw.length > MAX_MESSAGE_BYTES)
      return fault(reply, 413, `the mail is larger than ${MAX_MESSAGE_BYTES} bytes`)
    const from = envelope.from === false ? '' : envelope.from
    return { ID: store.add(await readMail(raw, { from, to: envelope.to })).id }
  })
}

function mailOf(data: SendRequest) {
  return {
    from: written(data.From),
    to: (data.To ?? []).map(written),
    cc: (data.Cc ?? []).map(written),
    bcc: data.Bcc ?? [],
    replyTo: (data.ReplyTo ?? []).map(written),
    subject: data.Subject,
    text: data.Text,
    ...(data.HTML === undefined ? {} : { html: data.HTML }),
    headers: data.Headers ?? {},
    // Only given bytes: Nodemailer would read files and URLs, too.
    disableFileAccess: true,
    disableUrlAccess: true,
    attachments: (data.Attachments ?? []).map(({ Content, Filename, ContentType, ContentID }) => ({
      filename: Filename,
      content: Buffer.from(Content, 'base64'),
      ...(ContentType === undefined ? {} : { contentType: ContentType }),
      ...(ContentID === undefined ? {} : { cid: ContentID, contentDisposition: 'inline' as const }),
    })),
  }
}

function written({ Email, Name = '' }: z.infer<typeof address>) {
  return { name: Name, address: Email }
}
