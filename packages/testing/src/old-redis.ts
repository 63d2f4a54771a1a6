import { execFile } from 'node:child_process'
import { readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { redisProgram } from './redis.ts'

const run = promisify(execFile)

/**
 * Copies the server program into a folder, as one that says of itself that it is 6.0: the same program with
 * another text for its version.
 */
export async function copyAsOldRedis(folder: string): Promise<{ program: string; version: string }> {
  const { stdout: path } = await run('which', [redisProgram()])
  const { stdout: said } = await run(redisProgram(), ['--version'])
  const [, own = '', patch = ''] = /v=(\d+\.\d+(\.\S+))/.exec(said) ?? []
  const version = `6.${'0'.repeat(own.length - patch.length - 2)}${patch}`
  const bytes = await readFile(await realpath(path.trim()))
  const text = Buffer.from(`${own}\0`)
  let found = 0
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
    bytes.write(version, at)
    found += 1
  }
  if (own === '' || found === 0) throw new Error(`${path.trim()} has no text for its version.`)
  const program = join(folder, 'redis-server')
  await writeFile(program, bytes, { mode: 0o755 })
  return { program, version }
}
