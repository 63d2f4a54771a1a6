// Builds the published package: ES modules and CommonJS with declarations. The workspace uses the sources'
// types.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const entryPoints = ['src/client.ts', 'src/testing/testing.ts']
const shared = {
  entryPoints,
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  target: 'es2022',
  logLevel: 'warning',
}

rmSync('dist', { recursive: true, force: true })
// The fake shares the client's file, so that its errors are `instanceof EmailauthError` too.
await Promise.all([
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
// By its path: TypeScript 5.9, which the tests compile with, is called tsc too.
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
})

for (const entry of readdirSync('dist', { withFileTypes: true, recursive: true })) {
  if (!entry.name.endsWith('.d.ts')) continue
  const path = join(entry.parentPath, entry.name)
  const text = readFileSync(path, 'utf8')
  const pointTo = (extension) => text.replace(/(['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, `$1.${extension}$2`)
  writeFileSync(path, pointTo('js'))
  writeFileSync(path.replace(/\.d\.ts$/, '.d.cts'), pointTo('cjs'))
}
