// Bundles one app or package for Node: `node ../../scripts/bundle.mjs src/main.ts [more entries]` from its folder.
// Everything is bundled, npm packages too, because a service that starts from one file is ready in a third of the time.
import { readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const entryPoints = process.argv.slice(2)

// Modules that only exist for features we do not use, or that read files beside themselves.
const external = ['class-validator', 'js-redis-server', 'playwright', 'pino-pretty', '*.node']

const { metafile } = await build({
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
})

// Chunks are named by their content, so old ones would pile up. They go last: a service may be starting from them.
const written = new Set(Object.keys(metafile.outputs))
for (const entry of readdirSync('dist', { withFileTypes: true, recursive: true })) {
  const file = relative('', join(entry.parentPath, entry.name))
  if (entry.isFile() && !written.has(file)) rmSync(file)
}
