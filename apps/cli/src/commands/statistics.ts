import type { Counter, StatisticsBucket } from '@emailauth/client'
import { enumName } from '@emailauth/contracts/enum-name'
import { COUNTERS } from '@emailauth/contracts/event-types'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Action } from '../action.ts'
import { connect } from '../connection/settings.ts'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { readSpanMs } from '../options/span.ts'
import { addExamples } from '../terminal/help.ts'
import { showList } from '../terminal/not-found.ts'
import { layOut } from '../terminal/table.ts'

interface StatisticsOptions {
  readonly since: number
  readonly step: 'minute' | 'hour' | 'day'
  readonly tenant?: string
}

/** In the order of an identity's life, which is that of the columns. */
const COLUMNS: readonly Counter[] = COUNTERS.map((of) => enumName(of))

export function addStatistics(program: Command, action: Action): void {
  const command = program
    .command('statistics')
    .description('how often things happened')
    .addOption(
      new Option('--since <span>', 'how far back, such as 90m, 24h or 30d')
        .argParser(readSpan)
        .default(86_400_000, '24h'),
    )
    .addOption(
      new Option('--step <step>', 'one row for each').choices(['minute', 'hour', 'day']).default('hour'),
    )
    .option('--tenant <id>', 'of this tenant only (admin key)')
    .action(action(statistics))
  addExamples(command, ['emailauth statistics', 'emailauth statistics --since 30d --step day --tenant demo'])
}

function readSpan(text: string): number {
  const spanMs = readSpanMs(text, 5)
  if (spanMs === undefined) throw new InvalidArgumentError('Such as 90m, 24h or 30d.')
  return spanMs
}

/** What happened at all, in the order of the columns. */
export function countersIn(buckets: readonly Pick<StatisticsBucket, 'counts'>[]): Counter[] {
  const happened = new Set(
    buckets.flatMap(({ counts }) => counts.filter(({ count }) => count > 0).map(({ of }) => of)),
  )
  // A newer gateway may count more.
  return [...new Set([...COLUMNS, ...happened])].filter((of) => happened.has(of))
}

async function statistics(
  { output, settings }: Context,
  { since, step, tenant }: StatisticsOptions,
): Promise<ExitCode> {
  const client = connect(await settings(), tenant === undefined ? 'either' : 'admin')
  const found = await client.statistics({
    from: new Date(Date.now() - since),
    step: enumName(step),
    tenantId: tenant,
  })
  const counters = countersIn(found.buckets)
  const rows = found.buckets
    .filter(({ counts }) => counts.some(({ count }) => count > 0))
    .map(({ from, counts }) => [
      from.slice(0, step === 'day' ? 10 : 16).replace('T', ' '),
      ...counters.map((of) => String(counts.find((each) => each.of === of)?.count ?? 0)),
    ])
  const columns = [{ title: 'FROM (UTC)' }, ...counters.map((title) => ({ title, shrinks: true }))]
  const table = await layOut(columns, rows, { width: output.width, bold: output.colors.bold })
  const print = () => output.data(found, () => (rows.length === 0 ? '' : table))
  const list = { tenantId: tenant, isEmpty: rows.length === 0, whenEmpty: 'Nothing happened.', print }
  return showList({ client, output }, list)
}
