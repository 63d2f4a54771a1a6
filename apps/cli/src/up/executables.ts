import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** Absolute path of the first of these programs that is on the PATH, in the order given. */
export async function findExecutable(
  names: readonly string[],
  path: string | undefined,
): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of (path ?? '').split(delimiter).filter((one) => one !== '')) {
      const file = join(folder, name)
      const runs = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
      if (runs) return file
    }
  }
  return undefined
}
