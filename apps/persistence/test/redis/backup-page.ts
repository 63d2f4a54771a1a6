import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** The page on backups, whose commands the tests run. */
export const pageOnBackups = () =>
  readFile(new URL('../../../../docs/operations/backups.md', import.meta.url), 'utf8')

/** Runs a line of the page in a shell, each `redis-cli` of it at this server. */
export async function runLine(line: string, port: number): Promise<void> {
  const here = line.replaceAll('redis-cli', `redis-cli -p ${port}`)
  await promisify(execFile)('sh', ['-c', here], { timeout: 20_000 })
}
