// Builds the published package: ES modules and CommonJS with declarations. The workspace uses the sources'
// types.
import { rmSync } from 'node:fs'
import { build } from 'esbuild'
import { bundleDeclarations } from '../../scripts/build/bundle-declarations.mjs'
import { writeLicences } from '../../scripts/build/bundle-licences.mjs'

const entryPoints = ['src/client.ts', 'src/testing/testing.ts']
const shared = {
  entryPoints,
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  target: 'es2022',
  metafile: true,
  logLevel: 'warning',
}

rmSync('dist', { recursive: true, force: true })
// The fake shares the client's file, so that its errors are `instanceof EmailauthError` too.
const [{ metafile }] = await Promise.all([
  build({
    ...shared,
    format: 'esm',
    splitting: true,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    sourcemap: 'linked',
    chunkNames: 'shared-[hash]',
  }),
  build({
    ...shared,
    format: 'cjs',
    platform: 'node',
    outExtension: { '.js': '.cjs' },
    plugins: [
      {
        name: 'one-client',
        setup({ onResolve }) {
          onResolve({ filter: /^\.\.\/client\.ts$/ }, () => ({ path: '../client.cjs', external: true }))
        },
      },
    ],
  }),
])
bundleDeclarations()
// Both formats have the same packages.
writeLicences(process.cwd(), metafile.outputs)
