import { readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * Chunk names contain a hash, so old chunks would pile up. Removed last, because a service may be starting
 * from them.
 * @param files what the build has written, relative to the folder
 */
export function removeOldChunks(folder, files) {
  const written = new Set(files)
  for (const entry of readdirSync(join(folder, 'dist'), { withFileTypes: true, recursive: true })) {
    const file = relative(folder, join(entry.parentPath, entry.name))
    if (entry.isFile() && !written.has(file)) rmSync(file.startsWith('/') ? file : join(folder, file))
  }
}
