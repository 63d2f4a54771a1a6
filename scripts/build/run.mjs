// Runs one TypeScript file of an app or package: `node ../../scripts/build/run.mjs src/emit-schema.ts` in its
// folder. It is bundled beside `dist`, which stays as it was built.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { bundleOptions } from './bundle-options.mjs'

const folder = process.cwd()
const [entry] = process.argv.slice(2)
const outdir = join(folder, 'node_modules/.cache/run')
rmSync(outdir, { recursive: true, force: true })
await build({ ...bundleOptions(folder, [entry]), outdir })
const program = join(outdir, entry.replace(/^src\//, '').replace(/\.ts$/, '.js'))
process.exitCode = spawnSync(process.execPath, [program], { stdio: 'inherit' }).status ?? 1
