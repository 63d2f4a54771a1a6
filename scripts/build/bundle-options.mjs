// How an app or package is bundled for Node. Used by `bundle*.mjs` once and by `dev.mjs` after each change.
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { changedPackages, lazyPackages, partsOfBullmq } from './lighter-packages.mjs'
import { graphqlAsModules, partsOfUndici, zodInEnglish } from './parts-of-packages.mjs'

// Modules of features that we do not use, and modules that read files beside themselves.
const external = ['class-validator', 'js-redis-server', 'playwright', 'pino-pretty', '*.node']
/** 300 KB for keys of XChaCha20-Poly1305. Only the services that seal what is stored load it. */
const sodium = ['libsodium']
const WITHOUT_SODIUM = ['gateway', 'inbox']

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
