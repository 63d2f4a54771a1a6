// How an app or package is bundled for Node. Used by `bundle.mjs` once and by `dev.mjs` after each change.
import { readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

// Modules of features that we do not use, and modules that read files beside themselves.
const external = ['class-validator', 'js-redis-server', 'playwright', 'pino-pretty', '*.node']

/** @param folder the app's folder, to which its entry points are relative */
export function bundleOptions(folder, entryPoints) {
  return {
    absWorkingDir: folder,
    metafile: true,
    entryPoints,
    outdir: 'dist',
    outbase: 'src',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    sourcemap: 'linked',
    legalComments: 'none',
    loader: { '.lua': 'text', '.html': 'text', '.css': 'text' },
    external,
    alias: { '@apollo/utils.createhash': fileURLToPath(new URL('create-hash.mjs', import.meta.url)) },
    // CommonJS packages inside an ES module still call require().
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  }
}

/**
 * Chunk names contain a hash, so old chunks would pile up. Removed last, because a service may be starting
 * from them.
 */
export function removeOldChunks(folder, { outputs }) {
  const written = new Set(Object.keys(outputs))
  for (const entry of readdirSync(join(folder, 'dist'), { withFileTypes: true, recursive: true })) {
    const file = relative(folder, join(entry.parentPath, entry.name))
    if (entry.isFile() && !written.has(file)) rmSync(file.startsWith('/') ? file : join(folder, file))
  }
}
