import { verify, X509Certificate } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import {
  bounceOf,
  isFresh,
  notTheirs,
  notUnderstood,
  type ReadHook,
  readJson,
  readUnverifiedJson,
} from './hook.ts'

const envelope = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Subject: z.string().nullish(),
  Timestamp: z.string(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
})
type Envelope = z.infer<typeof envelope>

const recipient = z.object({ emailAddress: z.string(), diagnosticCode: z.string().nullish() })
const notification = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: z
    .object({
      headers: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
      commonHeaders: z.object({ messageId: z.string().optional() }).optional(),
    })
    .optional(),
  bounce: z.object({ bounceType: z.string(), bouncedRecipients: z.array(recipient) }).optional(),
  complaint: z
    .object({ complainedRecipients: z.array(recipient), complaintFeedbackType: z.string().nullish() })
    .optional(),
})

export interface SesHookOptions {
  /** Only this topic's notifications count, because Amazon signs everybody's. */
  readonly topicArn: string
  /** Fetches a URL of Amazon that was checked before. */
  readonly fetchText: (url: string) => Promise<string>
  /** Unix milliseconds. */
  readonly now: () => number
}

const CERTIFICATE_PATH = /^\/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem$/

/**
 * Amazon SES by SNS, signed with RSA by Amazon's certificate. Confirms the subscription to its topic by
 * itself.
 */
export function createSesHook({ topicArn, fetchText, now }: SesHookOptions): ReadHook {
  const certificates = new LRUCache<string, X509Certificate>({
    max: 10,
    ttl: 24 * 3_600_000,
    perf: { now },
    ttlResolution: 0,
  })
  const region = topicArn.split(':')[3] ?? ''
  /** Certificates that are being fetched. Calls at the same time share one request. */
  const fetching = new Map<string, Promise<X509Certificate>>()

  async function fetchCertificate(url: string): Promise<X509Certificate> {
    try {
      const certificate = new X509Certificate(await fetchText(url))
      certificates.set(url, certificate)
      return certificate
    } finally {
      fetching.delete(url)
    }
  }

  function certificateAt(url: string): X509Certificate | Promise<X509Certificate> {
    const known = certificates.get(url) ?? fetching.get(url)
    if (known !== undefined) return known
    const fetched = fetchCertificate(url)
    fetching.set(url, fetched)
    return fetched
  }

  async function isSigned(message: Envelope): Promise<boolean> {
    const url = urlOfSns(message.SigningCertURL, region, CERTIFICATE_PATH)
    // One certificate has one URL, however it is spelled. Enough others would push out the one in use.
    if (url === undefined || url.search + url.hash !== '') return false
    try {
      const certificate = await certificateAt(`${url.origin}${url.pathname}`)
      const isValid = Date.parse(certificate.validFrom) <= now() && now() <= Date.parse(certificate.validTo)
      const digest = message.SignatureVersion === '1' ? 'sha1' : 'sha256'
      const signature = Buffer.from(message.Signature, 'base64')
      return isValid && verify(digest, Buffer.from(signedText(message)), certificate.publicKey, signature)
    } catch {
      return false
    }
  }

  return async ({ body }) => {
    const read = envelope.safeParse(readUnverifiedJson(body))
    if (!read.success) throw notUnderstood()
    const message = read.data
    const isOurs = message.TopicArn === topicArn && isFresh(Date.parse(message.Timestamp), now())
    if (!isOurs || !(await isSigned(message))) throw notTheirs()
    if (message.Type === 'SubscriptionConfirmation') {
      const url = urlOfSns(message.SubscribeURL ?? '', region, /^\/$/)
      if (url === undefined) throw notTheirs()
      await fetchText(url.href)
      return []
    }
    return message.Type === 'Notification' ? bouncesIn(message.Message) : []
  }
}

/**
 * The signed text: these fields in this order, each name and value on its own line (Amazon SNS, verifying
 * signatures).
 */
function signedText(message: Envelope): string {
  const names =
    message.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const)
  return names
    .filter((name) => typeof message[name] === 'string')
    .map((name) => `${name}\n${message[name]}\n`)
    .join('')
}

/** The notification names this URL, so accept only a host of Amazon in the topic's region. */
function urlOfSns(text: string, region: string, path: RegExp): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.protocol !== 'https:' || url.port !== '' || url.username + url.password !== '')
    return undefined
  const hosts = [`sns.${region}.amazonaws.com`, `sns.${region}.amazonaws.com.cn`]
  return /^[a-z0-9-]+$/.test(region) && hosts.includes(url.hostname) && path.test(url.pathname)
    ? url
    : undefined
}

function bouncesIn(text: string) {
  const read = notification.safeParse(readJson(text))
  if (!read.success) return []
  const { notificationType, eventType, mail, bounce, complaint } = read.data
  // Amazon writes its own Message-ID. The original one is in the headers.
  const header = mail?.headers?.find(({ name }) => name.toLowerCase() === 'message-id')?.value
  const messageId = header ?? mail?.commonHeaders?.messageId
  const kind = notificationType ?? eventType
  if (kind === 'Bounce' && bounce !== undefined) {
    const permanent = bounce.bounceType === 'Permanent'
    return bounce.bouncedRecipients.flatMap(
      ({ emailAddress, diagnosticCode }) =>
        bounceOf(messageId, emailAddress, permanent, diagnosticCode ?? `${bounce.bounceType} bounce`) ?? [],
    )
  }
  if (kind === 'Complaint' && complaint !== undefined) {
    const reason = `complaint: ${complaint.complaintFeedbackType ?? 'of the recipient'}`
    return complaint.complainedRecipients.flatMap(
      ({ emailAddress }) => bounceOf(messageId, emailAddress, true, reason) ?? [],
    )
  }
  return []
}
