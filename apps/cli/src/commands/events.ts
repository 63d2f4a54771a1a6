import type { EmailauthEvent, EventType } from '@emailauth/client'
import { PAGE_DEFAULT, PAGE_MAX } from '@emailauth/contracts/page-length'
import type { Command } from 'commander'
import type { Action } from '../action.ts'
import { isPassing } from '../connection/passing.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { anyEventType } from '../options/event-types.ts'
import { required, wholeNumber } from '../options/option-values.ts'
import { stopSignal } from '../stop-signal.ts'
import { addExamples } from '../terminal/help.ts'
import { requireTenant, showList } from '../terminal/not-found.ts'
import { printable } from '../terminal/output.ts'
import { widthOf, wrapText } from '../terminal/wrap.ts'

interface EventsOptions {
  readonly follow?: boolean
  readonly after?: string
  readonly tenant?: string
  readonly identity?: string
  readonly type?: readonly EventType[]
  readonly first: number
}

export function addEvents(program: Command, action: Action): void {
  const command = program
    .command('events')
    .description('what happened, newest first; with --follow what happens, as it happens')
    .option('-f, --follow', 'go on showing; Ctrl-C ends it')
    .option('--after <cursor>', 'with --follow: go on behind this event; 0: all that is kept')
    .option('--type <type...>', 'of these types only, such as VERIFIED', anyEventType)
    .option('--tenant <id>', 'of this tenant only (admin key)')
    .option('--identity <id>', 'of this identity only')
    .option('--first <n>', `how many, 1 to ${PAGE_MAX}`, wholeNumber(1, PAGE_MAX), PAGE_DEFAULT)
    .action(action(events))
  addExamples(command, [
    'emailauth events --follow',
    'emailauth events --type VERIFIED EXPIRED --first 10',
    'emailauth events --follow --json | jq -r "select(.type == \\"VERIFIED\\").identityId"',
  ])
}

async function events(context: Context, options: EventsOptions): Promise<ExitCode> {
  const { output } = context
  if (options.after !== undefined) required(options.follow, '--follow')
  const key = options.tenant === undefined ? 'either' : 'admin'
  // Imported only here, because loading undici takes a quarter of the start of a command.
  const webSocket = options.follow ? (await import('../connection/web-socket.ts')).WebSocket : undefined
  const client = connect(await context.settings(), key, webSocket)
  const shared = { tenantId: options.tenant, types: options.type }
  if (!options.follow) {
    const { nodes } = await client.eventPage({
      ...shared,
      identityId: options.identity,
      first: options.first,
    })
    const print = () => output.data(nodes, () => nodes.map((event) => lineOf(event, output.width)).join('\n'))
    const isEmpty = nodes.length === 0
    const list = { tenantId: options.tenant, isEmpty, whenEmpty: 'Nothing happened.', print }
    return showList({ client, output }, list)
  }
  // Events of a mistyped tenant would never come. While the gateway is away, nobody knows.
  await requireTenant(client, options.tenant).catch((error) => {
    if (!isPassing(error)) throw error
  })
  const signal = stopSignal()
  if (!output.json) output.info('Waiting for events; Ctrl-C ends.')
  for await (const event of client.events({ ...shared, after: options.after, signal })) {
    if (options.identity !== undefined && event.identityId !== options.identity) continue
    output.data(event, () => lineOf(event, output.width))
  }
  return EXIT.done
}

function lineOf(
  { at, type, tenantId, email, identityId, target, actor, reason, reply }: EmailauthEvent,
  width?: number,
): string {
  const by = actor === null ? null : `by ${actor.id}`
  const why = reason === null ? null : [reason, reply].filter((part) => part !== null).join(': ')
  const about = [email, identityId, target, by, why]
    .filter((part) => part !== null && part !== '')
    .map((part) => printable(part ?? ''))
  const time = at.slice(0, 19).replace('T', ' ')
  const line = [time, type.padEnd(11), tenantId ?? '-', ...about].join('  ')
  if (width === undefined || widthOf(line) <= width) return line
  return [`${time}  ${type}  ${tenantId ?? '-'}`, ...(about.length > 0 ? [`  ${about.join('  ')}`] : [])]
    .map((part) => wrapText(part, width))
    .join('\n')
}
