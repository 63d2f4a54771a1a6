// How an app or package is bundled for Node. Used by `bundle*.mjs` once and by `dev.mjs` after each change.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode, encode } from '@jridgewell/sourcemap-codec'
import { changedPackages, lazyPackages, partsOfBullmq } from './lighter-packages.mjs'

// Modules of features that we do not use, and modules that read files beside themselves.
const external = ['class-validator', 'js-redis-server', 'playwright', 'pino-pretty', '*.node']
/** 300 KB for keys of XChaCha20-Poly1305. Only the services that seal what is stored load it. */
const sodium = ['libsodium']
const WITHOUT_SODIUM = ['gateway', 'inbox']

/**
 * What services use of undici, without its `index.js`, which loads fetch, caches, mocks and Node's own copy
 * of undici: a tenth of a start. A name that is missing here fails the build.
 */
const partsOfUndici = {
  name: 'parts-of-undici',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ resolveDir }) => ({
      path: 'undici',
      namespace: 'parts-of-undici',
      pluginData: { resolveDir },
    }))
    build.onLoad({ filter: /^undici$/, namespace: 'parts-of-undici' }, ({ pluginData: { resolveDir } }) => ({
      resolveDir,
      contents: `
        import api from 'undici/lib/api/index.js'
        import buildConnector from 'undici/lib/core/connect.js'
        import Agent from 'undici/lib/dispatcher/agent.js'
        import Client from 'undici/lib/dispatcher/client.js'
        import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
        import Pool from 'undici/lib/dispatcher/pool.js'
        Object.assign(Dispatcher.prototype, api)
        export { Agent, buildConnector, Client, Pool }`,
    }))
  },
}

/**
 * Without the texts of zod in other languages, which nothing here shows: half of zod, which every start
 * reads. English is imported by itself.
 */
const zodInEnglish = {
  name: 'zod-in-english',
  setup(build) {
    build.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }))
  },
}

/**
 * graphql as ES modules, for those that require it too. Of CommonJS each module that imports it would get a
 * copy of its exports: 83 times 220 getters at a start of the gateway, two of which a use of a name went
 * through.
 */
const graphqlAsModules = {
  name: 'graphql-as-modules',
  setup(build) {
    build.onResolve({ filter: /^graphql(\/|$)/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'graphql') return undefined
      const { importer, namespace, resolveDir, kind } = from
      const found = await build.resolve(path, {
        importer,
        namespace,
        resolveDir,
        kind,
        pluginData: 'graphql',
      })
      return { ...found, path: found.path.replace(/\.js$/, '.mjs') }
    })
  },
}

/** What all bundles have in common. */
const common = (folder) => ({
  absWorkingDir: folder,
  metafile: true,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  legalComments: 'none',
  loader: { '.lua': 'text', '.html': 'text', '.css': 'text', '.woff2': 'binary' },
  external,
  alias: { '@apollo/utils.createhash': fileURLToPath(new URL('create-hash.mjs', import.meta.url)) },
  plugins: [zodInEnglish, changedPackages],
  logLevel: 'warning',
})

/** @param folder the app's folder, to which its entry points are relative */
export function bundleOptions(folder, entryPoints) {
  return {
    ...common(folder),
    external: [...external, ...sodium],
    entryPoints,
    outbase: 'src',
    splitting: true,
    format: 'esm',
    sourcemap: 'linked',
    // CommonJS packages inside an ES module still call require().
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  }
}

/**
 * A service's `src/main.ts` and all that it imports as one CommonJS file, which packages/service/src/bundle
 * loads. Its name has a hash of what is in it. Names of functions stay, and lines are short, so that a frame
 * of an npm package can be read.
 */
export function serviceOptions(folder) {
  return {
    ...common(folder),
    external: WITHOUT_SODIUM.includes(basename(folder)) ? [...external, ...sodium] : external,
    plugins: [zodInEnglish, changedPackages, lazyPackages, partsOfUndici, partsOfBullmq, graphqlAsModules],
    entryPoints: ['src/main.ts'],
    entryNames: 'service-[hash]',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    // A script of node:vm may not import. What is imported while it runs are Node's own modules.
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 200,
    sourcemap: 'external',
    define: { 'import.meta.url': '__importMetaUrl' },
    // The function that Node makes of a CommonJS file, in strict mode as ES modules are.
    banner: {
      js: "(function (exports, require, module, __filename, __dirname) { 'use strict'; const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
    },
    footer: { js: '})' },
  }
}

/** The name of a service's bundle in `dist`. */
export function serviceBundleOf({ outputs }) {
  const name = Object.keys(outputs).find((output) => output.endsWith('.cjs'))
  return name.slice('dist/'.length)
}

/** Builds a program of packages/service/src/bundle that belongs to one bundle. */
export function besideBundleOptions(folder, program, outfile, bundle) {
  return {
    absWorkingDir: folder,
    entryPoints: [fileURLToPath(new URL(`../../packages/service/src/bundle/${program}`, import.meta.url))],
    outfile,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    define: { BUNDLE: JSON.stringify(bundle) },
    logLevel: 'warning',
  }
}

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
