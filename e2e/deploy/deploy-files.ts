import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export const execute = promisify(execFile)

/** A file's text; the path is from the root of the repository. */
export const read = (path: string) => readFile(join(root, path), 'utf8')

/** The paths of files below a folder, from the root; of our own sources only. */
export async function filesBelow(folder: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter(
      (entry) => entry.isFile() && isWanted(entry.name) && !/node_modules|\/dist/.test(entry.parentPath),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
}

/** Whether a program is on the PATH. */
export const isHere = (program: string) =>
  execute(program, ['--version']).then(
    () => true,
    () => false,
  )
