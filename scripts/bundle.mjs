// Bundles one app or package for Node: `node ../../scripts/bundle.mjs src/main.ts [more entries]` from its folder.
// Everything is bundled, npm packages too, because a service that starts from one file is ready in a third of the time.
import { build } from 'esbuild'

const entryPoints = process.argv.slice(2)

// Modules that only exist for features we do not use, or that read files beside themselves.
const external = ['class-validator', 'js-redis-server', 'playwright', 'pino-pretty', '*.node']

await build({
  entryPoints,
  outdir: 'dist',
  outbase: 'src',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  sourcemap: 'linked',
  keepNames: true,
  legalComments: 'none',
  loader: { '.lua': 'text', '.html': 'text', '.css': 'text' },
  external,
  // CommonJS packages inside an ES module still call require().
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
