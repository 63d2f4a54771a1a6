// How an app or package is bundled for Node. Used by `bundle.mjs` once and by `dev.mjs` after each change.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode, encode } from '@jridgewell/sourcemap-codec'

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
    loader: { '.lua': 'text', '.html': 'text', '.css': 'text', '.woff2': 'binary' },
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

/**
 * Removes npm packages from the source maps; their frames keep the bundle's line. Node parses a map at the
 * first stack trace and keeps it: with the packages that took 59 MB in the gateway, and each collection of
 * the young generation took half as long again.
 */
export function removeDependenciesFromMaps(folder, { outputs }) {
  for (const output of Object.keys(outputs)) {
    if (!output.endsWith('.map')) continue
    const path = join(folder, output)
    const map = JSON.parse(readFileSync(path, 'utf8'))
    const isOurs = map.sources.map((source) => !source.includes('node_modules/'))
    let wasOurs = false
    // A segment is: column, source, line and column there. It holds until the next one, so one without a
    // source is left where a package begins.
    const lines = decode(map.mappings).map((line) =>
      line.flatMap((segment) => {
        const endsOurs = wasOurs
        wasOurs = isOurs[segment[1]] === true
        if (wasOurs) return [segment]
        return endsOurs ? [segment.slice(0, 1)] : []
      }),
    )
    // The sources keep their positions, because segments refer to them by index.
    const keep = (texts) => texts.map((text, index) => (isOurs[index] ? text : ''))
    const trimmed = {
      ...map,
      sources: keep(map.sources),
      sourcesContent: keep(map.sourcesContent),
      mappings: encode(lines),
    }
    writeFileSync(path, JSON.stringify(trimmed))
  }
}
