import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { START_MS } from './eventually.ts'

const run = promisify(execFile)

/** One command to the server at a port of loopback; its reply as text. */
export async function redisCli(port: number, ...command: readonly string[]): Promise<string> {
  const { stdout } = await run('redis-cli', ['-p', String(port), ...command], { timeout: START_MS })
  return stdout.trim()
}

/** One of redis-cli's `--cluster` commands. */
export async function redisClusterCli(...command: readonly string[]): Promise<string> {
  const { stdout } = await run('redis-cli', ['--cluster', ...command], { timeout: START_MS })
  return stdout
}
