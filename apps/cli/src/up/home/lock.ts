import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { errorCode } from '@emailauth/service/error-code'
import { CliError, EXIT } from '../../exit-codes.ts'
import { about } from '../../files/private-file.ts'
import { isAlive, markOf, type ProcessMark } from './process-mark.ts'

export interface Lock {
  /** true when the one before ended without letting go: what it left running may still be ending. */
  readonly tookOver: boolean
  release(): Promise<void>
}

/** Far longer than a lock is away while another start looks whether it is stale. */
const SETTLING_MS = 100
/** How often a lock that is away is looked for again, on a machine where that takes long. */
const LOOKS = 50

/**
 * Locks the data folder for this process. The lock is a file with the process's mark. A dead process's lock
 * is taken over.
 * @throws {CliError} while another `up` has it.
 */
export async function takeLock(home: string, pid = process.pid): Promise<Lock> {
  const path = join(home, 'up.lock')
  const nonce = randomBytes(6).toString('hex')
  const draft = `${path}.${nonce}`
  const mine = JSON.stringify({ ...(await markOf(pid)), nonce })
  let tookOver = false
  try {
    await writeFile(draft, mine, { mode: 0o600, flag: 'wx' })
    // A link appears with its content or not at all, and never over another file.
    while (!(await linked(draft, path))) {
      await removeStale(path, home)
      tookOver = true
    }
  } catch (error) {
    throw about(path, error)
  } finally {
    await rm(draft, { force: true }).catch(() => {})
  }
  await requireStill(path, mine, home)
  return {
    tookOver,
    async release() {
      if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true })
    },
  }
}

/** The living process that has locked the data folder. undefined: none. */
export async function holderOf(home: string): Promise<number | undefined> {
  const mark = parseMark(await readFile(join(home, 'up.lock'), 'utf8').catch(() => ''))
  return mark !== undefined && (await isAlive(mark)) ? mark.pid : undefined
}

async function removeStale(path: string, home: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const mark = parseMark(text)
  if (mark !== undefined && (await isAlive(mark))) throw inUse(home, mark.pid)
  await removeIfStill(path, text)
}

/**
 * Removes a stale lock with this text. Two starts may see the same one, and by its name the slower would
 * remove that of the quicker, so it is renamed first, looked at, and given back.
 */
export async function removeIfStill(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.aside`
  try {
    await rename(path, aside)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return
    throw error
  }
  try {
    if ((await readFile(aside, 'utf8')) !== text) await linked(aside, path)
  } finally {
    await rm(aside, { force: true })
  }
}

/** A slower start may have taken this lock aside, and a third one may have taken its place. */
async function requireStill(path: string, mine: string, home: string): Promise<void> {
  let text = ''
  for (let look = 0; look < LOOKS && text === ''; look++) {
    await wait(SETTLING_MS)
    text = await readFile(path, 'utf8').catch(() => '')
  }
  if (text !== mine) throw inUse(home, parseMark(text)?.pid)
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

function parseMark(text: string): ProcessMark | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text)
    return Number.isInteger(pid) && pid > 0 && typeof startedAt === 'string' ? { pid, startedAt } : undefined
  } catch {
    return undefined
  }
}

function inUse(home: string, pid: number | undefined): CliError {
  const which = pid === undefined ? '' : ` (process ${pid})`
  return new CliError(EXIT.failed, `Another "emailauth up"${which} uses the data folder ${home}.`, {
    hint: 'End it first, or give this one its own folder with EMAILAUTH_HOME.',
  })
}
