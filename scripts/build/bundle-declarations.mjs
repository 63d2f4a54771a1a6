// Writes the declarations of a published package into its dist, for ES modules and CommonJS.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Runs in the package's folder, which has a tsconfig.build.json. */
export function bundleDeclarations() {
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
}
