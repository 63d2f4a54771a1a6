import { type Command, InvalidArgumentError } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import { CliError, EXIT, type ExitCode } from '../exit-codes.ts'
import { readSpanMs } from '../options/span.ts'
import { addExamples } from '../terminal/help.ts'
import { NO_SUCH_ENDPOINT } from '../terminal/not-found.ts'
import { WEBHOOK_ID } from './webhook-changes.ts'

/** Adds what posts events again, or one to try. */
export function addWebhookReplays(webhooks: Command, action: Action): void {
  const replay = webhooks
    .command('replay')
    .description('post events again: some by their ids, or all that were given up since a moment')
    .argument(...WEBHOOK_ID)
    .argument('[events...]', 'ids of events, as webhooks attempts prints them')
    .option('--failed-since <moment>', 'such as 2h, 3d or 2026-11-27T10:00:00Z', moment)
    .action(action(replayEvents))
  addExamples(replay, ['emailauth webhooks replay demo.wh_7k2m9q4t1x0c5v8b --failed-since 1d'])
  const test = webhooks
    .command('test')
    .description('post an event of the type WEBHOOK_TESTED now; exit code 1 when it is not answered 2xx')
    .argument(...WEBHOOK_ID)
    .action(action(testEndpoint))
  addExamples(test, ['emailauth webhooks test demo.wh_7k2m9q4t1x0c5v8b'])
}

/** A moment, or how long ago it was. */
function moment(text: string): string {
  const agoMs = readSpanMs(text, 6)
  const ms = agoMs === undefined ? Date.parse(text) : Date.now() - agoMs
  if (Number.isNaN(ms)) throw new InvalidArgumentError('It must be such as 90m, 2h, 3d, or a date and time.')
  return new Date(ms).toISOString()
}

async function replayEvents(
  { output, settings }: Context,
  endpointId: string,
  eventIds: readonly string[],
  { failedSince }: { readonly failedSince?: string },
): Promise<ExitCode> {
  if (eventIds.length > 0 === (failedSince !== undefined))
    throw new CliError(EXIT.usage, 'Name events, or give --failed-since; not both.')
  const which = failedSince === undefined ? { eventIds } : { failedSince }
  const ids = await connect(await settings(), 'either').webhooks.replay({ endpointId, ...which })
  output.data(ids, () => (ids ?? []).join('\n'))
  if (ids === null) output.problem(...NO_SUCH_ENDPOINT)
  else if (ids.length === 0)
    output.problem(
      failedSince === undefined
        ? 'None of these events is kept any more, or too many others wait for the endpoint.'
        : 'Nothing was given up since then, or too many others wait for the endpoint.',
    )
  else output.info(`${ids.length} ${ids.length === 1 ? 'event is' : 'events are'} posted again.`)
  return ids === null || ids.length === 0 ? EXIT.notFound : EXIT.done
}

async function testEndpoint({ output, settings }: Context, id: string): Promise<ExitCode> {
  const attempt = await connect(await settings(), 'either').webhooks.sendTestEvent(id)
  if (attempt === null) {
    output.data(attempt, () => '')
    output.problem(...NO_SUCH_ENDPOINT)
    return EXIT.notFound
  }
  const { error, status, durationMs } = attempt
  output.data(attempt, () => (error === null ? `answered ${status} within ${durationMs} ms` : ''))
  if (error !== null) output.problem(error)
  return error === null ? EXIT.done : EXIT.failed
}
