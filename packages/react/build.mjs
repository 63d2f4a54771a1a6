// Builds the published package: ES modules and CommonJS with declarations. The workspace's own contracts are
// bundled in; React is not.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

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

rmSync('dist', { recursive: true, force: true })
await Promise.all(
  formats.flatMap((format) => [
    // Frameworks that render on a server must know that this half runs in the browser.
    build({ ...shared, ...format, entryPoints: ['src/number-field.tsx'], banner: { js: "'use client'" } }),
    build({ ...shared, ...format, entryPoints: ['src/element/element.ts'] }),
  ]),
)
copyFileSync('src/number-field.css', 'dist/number-field.css')
// By its path: TypeScript 5.9, which the tests compile with, is called tsc too.
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
})

for (const entry of readdirSync('dist', { withFileTypes: true, recursive: true })) {
  if (!entry.name.endsWith('.d.ts')) continue
  const path = join(entry.parentPath, entry.name)
  const text = readFileSync(path, 'utf8')
  const pointTo = (extension) => text.replace(/(['"]\.{1,2}\/[^'"]*)\.tsx?(['"])/g, `$1.${extension}$2`)
  writeFileSync(path, pointTo('js'))
  writeFileSync(path.replace(/\.d\.ts$/, '.d.cts'), pointTo('cjs'))
}
