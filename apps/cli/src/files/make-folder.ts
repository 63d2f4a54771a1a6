import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '@emailauth/service/error-code'

/**
 * Makes a folder for its owner alone (0700), and those above it. Node's recursive mkdir never ends where a
 * file system refuses a folder with ENOENT, as below /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  const fault = await tryMake(path)
  if (fault === undefined) return
  if (errorCode(fault) !== 'ENOENT' || dirname(path) === path) throw fault
  await makeFolder(dirname(path))
  const again = await tryMake(path)
  if (again !== undefined) throw again
}

/** @returns why there is no such folder now; undefined: there is */
async function tryMake(path: string): Promise<unknown> {
  try {
    await mkdir(path, { mode: 0o700 })
    return undefined
  } catch (error) {
    const isThere = errorCode(error) !== 'ENOENT' && (await stat(path).catch(() => undefined))?.isDirectory()
    return isThere ? undefined : error
  }
}
