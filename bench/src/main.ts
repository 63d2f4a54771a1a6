import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bench } from './bench.ts'
import { compareBuilds } from './compare.ts'
import { reportComparison } from './compare-report.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { report } from './report.ts'
import { cleanUpAfterFaults } from './systems/clean-run.ts'
import { createCleanup } from './systems/cleanup.ts'

const EXIT_FAILED = 1
const EXIT_USAGE = 64
const EXIT_INTERRUPTED = 130

const folder = fileURLToPath(new URL('../results', import.meta.url))
const cleanup = createCleanup()
let interrupted = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted = true
    // What waits for one of the processes fails with that, and so ends the run.
    void cleanup.run()
  })
}
cleanUpAfterFaults(cleanup)

process.exitCode = await main()

async function main(): Promise<number> {
  let options: Options | 'help'
  try {
    options = readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`)
    return EXIT_USAGE
  }
  if (options === 'help') {
    process.stdout.write(USAGE)
    return 0
  }
  try {
    const { name, results, table } = await measure(options)
    const json = `${JSON.stringify(results, null, 2)}\n`
    await mkdir(folder, { recursive: true })
    await writeFile(`${folder}/${name}.json`, json)
    process.stdout.write(options.json ? json : table)
    return 0
  } catch (error) {
    if (interrupted) return EXIT_INTERRUPTED
    process.stderr.write(`${messageOf(error)}\n`)
    return EXIT_FAILED
  } finally {
    await cleanup.run()
  }
}

async function measure(options: Options) {
  const { compare, serveProcesses, peer } = options
  if (compare !== undefined || serveProcesses !== undefined || peer !== undefined) {
    const results = await compareBuilds({ ...options, folder, cleanup, say })
    return { name: 'comparison', results, table: reportComparison(results) }
  }
  const results = await bench({ ...options, folder, cleanup, say })
  return { name: 'latest', results, table: report(results) }
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
