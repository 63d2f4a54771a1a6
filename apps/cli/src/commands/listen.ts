import { createHmac, randomBytes } from 'node:crypto'
import type { EmailauthEvent, EventType } from '@emailauth/client'
import { webhookBody } from '@emailauth/contracts/webhook-body'
import { errorCode } from '@emailauth/service/error-code'
import { type Command, InvalidArgumentError } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { anyWebhookType, WEBHOOK_TYPES } from '../options/event-types.ts'
import { required } from '../options/option-values.ts'
import { stopSignal } from '../stop-signal.ts'
import { addExamples } from '../terminal/help.ts'
import { wrapText } from '../terminal/wrap.ts'

interface ListenOptions {
  readonly forwardTo?: string
  readonly secret?: string
  readonly type?: readonly EventType[]
  readonly tenant?: string
  readonly after?: string
}

/** What came of one event. */
interface Forwarded {
  readonly eventId: string
  readonly type: string
  readonly status: number | null
  readonly durationMs: number
  readonly error: string | null
}

const TIMEOUT_MS = 15_000
const TYPES: ReadonlySet<EventType> = new Set(WEBHOOK_TYPES)

export function addListen(program: Command, action: Action): void {
  const command = program
    .command('listen')
    .description('post events to a URL of this machine as they happen, as a webhook would; Ctrl-C ends it')
    .option('--forward-to <url>', 'where to (required)', httpUrl)
    .option('--secret <secret>', 'whsec_… to sign with (default: a new one, which is printed)', webhookSecret)
    .option('--type <type...>', 'of these types only, such as VERIFIED', anyWebhookType)
    .option('--tenant <id>', 'of this tenant (admin key)')
    .option('--after <cursor>', 'begin behind this event; 0: all that is kept')
    .action(action(listen))
  addExamples(command, [
    'emailauth listen --forward-to http://localhost:3000/hooks/emailauth',
    'emailauth listen --forward-to http://localhost:3000/hooks --type VERIFIED --json',
  ])
}

function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url.href
  throw new InvalidArgumentError('It must be a URL such as http://localhost:3000/hooks.')
}

function webhookSecret(text: string): string {
  const key = Buffer.from(text.replace(/^whsec_/, ''), 'base64')
  if (text.startsWith('whsec_') && key.length >= 16) return text
  throw new InvalidArgumentError('It must be whsec_ and at least 16 bytes in base64.')
}

async function listen(context: Context, options: ListenOptions): Promise<ExitCode> {
  const { output } = context
  const url = required(options.forwardTo, '--forward-to <url>')
  const secret = options.secret ?? `whsec_${randomBytes(32).toString('base64')}`
  const key = options.tenant === undefined ? 'tenant' : 'admin'
  // Imported only here, because loading undici takes a quarter of the start of a command.
  const { WebSocket } = await import('../connection/web-socket.ts')
  const client = connect(await context.settings(), key, WebSocket)
  const signal = stopSignal()
  // Not by `info`, which --quiet silences: without the secret nothing can be verified.
  if (options.secret === undefined) output.log(wrapText(`The secret is ${secret}`, output.infoWidth))
  output.info(`Posting events to ${url}; Ctrl-C ends.`)
  const { tenant: tenantId, after, type: types } = options
  for await (const event of client.events({ tenantId, types, after, signal })) {
    // What admins did is in no webhook.
    if (!TYPES.has(event.type)) continue
    const forwarded = await forward(url, secret, event)
    output.data(forwarded, () => wrapText(lineOf(event, forwarded), output.width))
  }
  return EXIT.done
}

/** Posts one event, once. It waits for the answer, so that events come in order. */
export async function forward(url: string, secret: string, event: EmailauthEvent): Promise<Forwarded> {
  const body = webhookBody(event)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signed = `${event.cursor}.${timestamp}.${body}`
  const signature = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(signed)
    .digest('base64')
  const begun = performance.now()
  const about = { eventId: event.cursor, type: event.type }
  const tookMs = () => Math.round(performance.now() - begun)
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'emailauth-listen',
        'webhook-id': event.cursor,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
    })
    await answer.body?.cancel()
    const error = answer.ok ? null : `It answered ${answer.status}.`
    return { ...about, status: answer.status, durationMs: tookMs(), error }
  } catch (fault) {
    return { ...about, status: null, durationMs: tookMs(), error: sentenceOf(fault) }
  }
}

function sentenceOf(fault: unknown): string {
  const { name = '', cause }: Partial<Error> = fault instanceof Error ? fault : {}
  if (name === 'TimeoutError') return `There was no answer within ${TIMEOUT_MS / 1000} s.`
  return errorCode(cause) === 'ECONNREFUSED' ? 'The connection was refused.' : 'The request failed.'
}

function lineOf({ at, type, identityId }: EmailauthEvent, { status, durationMs, error }: Forwarded): string {
  const said = error ?? `${status}`
  return `${at.slice(11, 19)}  ${type.padEnd(11)}  ${identityId ?? '-'}  ${said}  ${durationMs} ms`
}
