// Builds the published package: ES modules and CommonJS with declarations. The workspace's own contracts are
// bundled in; React is not.
import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { bundleDeclarations } from '../../scripts/build/bundle-declarations.mjs'

const shared = {
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  platform: 'neutral',
  target: 'es2022',
  jsx: 'automatic',
  external: ['react', 'react/*'],
  logLevel: 'warning',
}
const formats = [
  { format: 'esm', sourcemap: 'linked' },
  { format: 'cjs', outExtension: { '.js': '.cjs' } },
]

const JSX_ENTRIES = ['react', 'preact', 'solid'].map((framework) => `src/jsx/${framework}.ts`)

rmSync('dist', { recursive: true, force: true })
await Promise.all(
  formats.flatMap((format) => [
    // Frameworks that render on a server must know that this half runs in the browser.
    build({ ...shared, ...format, entryPoints: ['src/number-field.tsx'], banner: { js: "'use client'" } }),
    build({ ...shared, ...format, entryPoints: ['src/element/element.ts', 'src/texts/texts.ts'] }),
    // They have types alone; their empty programs are for those who import them as values.
    build({ ...shared, ...format, entryPoints: JSX_ENTRIES, sourcemap: false }),
  ]),
)
copyFileSync('src/number-field.css', 'dist/number-field.css')
bundleDeclarations()
// TypeScript 6 and later look for declarations of a stylesheet that is imported, and refuse those of an ES
// module in a program that is compiled to CommonJS.
for (const extension of ['ts', 'cts']) writeFileSync(`dist/number-field.css.d.${extension}`, 'export {}\n')
