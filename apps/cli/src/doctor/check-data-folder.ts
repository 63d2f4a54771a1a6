import { randomBytes } from 'node:crypto'
import { access, constants, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '@emailauth/service/error-code'
import { errnoSentence } from '../terminal/errno-sentence.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Less free space than this is soon used up by Redis's append-only file. */
const LITTLE_BYTES = 100 * 1024 * 1024
/** Enough that a disk without space refuses it. */
const TRIAL = Buffer.alloc(64 * 1024)
const WRITABLE_BY_ALL = 0o002
/** With it only the owner of a file may replace it. */
const STICKY = 0o1000
const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT']

/** Whether `up` can write to its data folder: a read-only or full one is a sentence and a way out. */
export async function checkDataFolder(home: string): Promise<Finding> {
  const trial = join(home, `doctor-${randomBytes(6).toString('hex')}`)
  try {
    await writeFile(trial, TRIAL, { flag: 'wx', mode: 0o600 })
    const { mode } = await stat(home)
    if ((mode & (WRITABLE_BY_ALL | STICKY)) === WRITABLE_BY_ALL)
      return fail('Data folder', `${home}: every user can replace its keys`, `Run: chmod 700 ${home}`)
    const { bavail, bsize } = await statfs(home)
    const free = bavail * bsize
    if (free >= LITTLE_BYTES) return ok('Data folder', `${home} can be written`)
    const left = `${home}: ${Math.floor(free / 1024 / 1024)} MB are free`
    return warn('Data folder', left, 'Free some space, or move it with EMAILAUTH_HOME.')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return checkParent(home)
    return refused(home, error)
  } finally {
    await rm(trial, { force: true }).catch(() => {})
  }
}

/** The first start makes the folder. */
async function checkParent(home: string): Promise<Finding> {
  for (let folder = dirname(home); ; folder = dirname(folder)) {
    try {
      await access(folder, constants.W_OK)
      return ok('Data folder', `${home} is made by the first start`)
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || folder === dirname(folder)) return refused(home, error)
    }
  }
}

function refused(home: string, error: unknown): Finding {
  const why = errnoSentence(error) ?? (error instanceof Error ? error.message : String(error))
  const fix = FULL.includes(errorCode(error))
    ? 'Free some space, or move it with EMAILAUTH_HOME.'
    : 'Let this user write there, or move it with EMAILAUTH_HOME.'
  return fail('Data folder', why.includes(home) ? why : `${home}: ${why}`, fix)
}
