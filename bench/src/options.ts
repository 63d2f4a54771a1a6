import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface Options {
  /** Rounds of yardstick and service that are measured, after two to warm up. */
  readonly rounds: number
  /** With `compare`, `serveProcesses` or `peer`: how often both systems are started, with all rounds each. */
  readonly starts: number
  /** Bytes of so many live identities, and throughput among them beside that among 10,000. */
  readonly live?: number | undefined
  /** Redis writes its append-only file, synced every second. */
  readonly appendOnly: boolean
  /** The results as JSON on stdout instead of the table. */
  readonly json: boolean
  /** Where the CPU time of gateway, persistence and mailer goes, by function. */
  readonly profile: boolean
  /** A revision, or the folder of a built checkout, that is measured in turns with this build. */
  readonly compare?: string | undefined
  /** The three services together in so many processes, in turns with one process for each of them. */
  readonly serveProcesses?: number | undefined
  /** A build of otpgateway, which is measured in turns with this build. */
  readonly peer?: string | undefined
}

export const USAGE = `Usage: pnpm bench [options]

How fast and how big the built services are, beside a yardstick in the same run.

  --rounds N      rounds that are measured (default 5, 1 to 50)
  --full          also a million identities: bytes each, and throughput beside 10,000 of them (some minutes, 2 GB)
  --live N        the same with N of them (100,000 to 10,000,000; ten million take 15 minutes and 8 GB)
  --append-only   Redis writes its append-only file, synced every second
  --profile       also where CPU time goes, by function, with --compare of both builds; such a run is slower
  --compare REV   this build and that of another revision (or folder), in turns: verify and register alone
  --serve         the three services in one process, in turns with separate ones: verify and register alone
  --processes N   with --serve: in N processes (1 to 64)
  --peer FILE     in turns with otpgateway, which you built as FILE; --serve and --processes say how this
                  build runs
  --starts N      with --compare, --serve or --peer: starts both N times, with all rounds each (1 to 50)
                  (default 4, with --profile 1)
  --json          results as JSON on stdout instead of the table
  --help          this text
`

const DEFAULT_STARTS = 4

/** @throws {TypeError} with one sentence when the command line makes no sense. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      full: { type: 'boolean', default: false },
      live: { type: 'string' },
      'append-only': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      compare: { type: 'string' },
      serve: { type: 'boolean', default: false },
      processes: { type: 'string' },
      peer: { type: 'string' },
      starts: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const rounds = readCount('--rounds', values.rounds)
  const { json, profile, compare, peer } = values
  const live = readLive(values)
  if (compare === '') throw new TypeError('--compare needs a revision or a folder.')
  const serveProcesses = readProcesses(values)
  if (compare !== undefined && serveProcesses !== undefined) {
    throw new TypeError('Either --compare or --serve.')
  }
  if (profile && serveProcesses !== undefined) throw new TypeError('Either --profile or --serve.')
  if (peer === '') throw new TypeError('--peer needs a file.')
  if (peer !== undefined && compare !== undefined) throw new TypeError('Either --compare or --peer.')
  if (peer !== undefined && profile) throw new TypeError('Either --profile or --peer.')
  const compares = compare !== undefined || serveProcesses !== undefined || peer !== undefined
  const starts = readStarts(values, compares)
  return {
    rounds,
    starts,
    json,
    profile,
    appendOnly: values['append-only'],
    live,
    compare,
    serveProcesses,
    peer,
  }
}

function readCount(flag: string, text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 50) return count
  throw new TypeError(`${flag} must be a whole number from 1 to 50.`)
}

function readStarts({ starts, profile }: { starts?: string; profile: boolean }, compares: boolean): number {
  if (starts === undefined) return compares && !profile ? DEFAULT_STARTS : 1
  if (!compares) throw new TypeError('--starts needs --compare, --serve or --peer.')
  const count = readCount('--starts', starts)
  if (profile && count > 1) throw new TypeError('--profile is of one start.')
  return count
}

function readLive({ full, live }: { full: boolean; live?: string }): number | undefined {
  if (live === undefined) return full ? 1_000_000 : undefined
  const count = Number(live)
  if (Number.isInteger(count) && count >= 100_000 && count <= 10_000_000) return count
  throw new TypeError('--live must be a whole number from 100,000 to 10,000,000.')
}

function readProcesses({ serve, processes }: { serve: boolean; processes?: string }): number | undefined {
  if (!serve && processes !== undefined) throw new TypeError('--processes needs --serve.')
  if (!serve) return undefined
  const count = Number(processes ?? '1')
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count
  throw new TypeError('--processes must be a whole number from 1 to 64.')
}
