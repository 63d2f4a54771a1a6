import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Folders with packages, or that are one. */
const PACKAGES = ['apps', 'packages', 'examples', 'clients', 'scripts', 'e2e', 'bench', '.']
/** What a module was transformed by, beside its own text and the configuration of Vitest. */
const SETTINGS = /^(package|tsconfig.*)\.json$/
const KEPT_DAYS = 7
const DAY_MS = 86_400_000

/**
 * The folder of what Vite made of the repository's modules in earlier runs: half of Vitest's own CPU. Vitest
 * itself compares their texts, its configuration and the lockfile. It does not compare where an import leads
 * to and what TypeScript's options are, so a folder is of one state of all manifests and options.
 * @param root the repository's absolute path
 */
export function moduleCacheIn(root: string): string {
  const all = join(root, 'node_modules/.cache/vitest-modules')
  const folder = join(all, keyOf(root))
  mkdirSync(folder, { recursive: true })
  removeOld(all)
  return folder
}

function keyOf(root: string): string {
  const hash = createHash('sha256').update(process.version)
  for (const parent of PACKAGES) {
    const folders = namesIn(join(root, parent), 'folders').map((name) => join(parent, name))
    for (const folder of [parent, ...folders]) {
      for (const name of namesIn(join(root, folder), 'files').filter((file) => SETTINGS.test(file)))
        hash.update(`${folder}/${name}\n`).update(readFileSync(join(root, folder, name)))
    }
  }
  return hash.digest('hex').slice(0, 16)
}

function namesIn(folder: string, kind: 'files' | 'folders'): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries
      .filter((entry) => (kind === 'files' ? entry.isFile() : entry.isDirectory()))
      .map(({ name }) => name)
      .sort()
  } catch {
    return []
  }
}

/** Each change of a module adds a file. What has been there for a week is made anew. */
function removeOld(all: string): void {
  const before = Date.now() - KEPT_DAYS * DAY_MS
  for (const folder of readdirSync(all)) {
    for (const name of readdirSync(join(all, folder))) {
      const file = join(all, folder, name)
      // Another run may be removing it too.
      const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {}
      if (mtimeMs !== undefined && mtimeMs < before) rmSync(file, { force: true })
    }
  }
}
