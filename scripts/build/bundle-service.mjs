// Bundles a service for Node. Run `node ../../scripts/build/bundle-service.mjs [more entries]` in its folder.
// The result:
// - main.js, which loads the bundle
// - service-….cjs, all of src/main.ts with its npm packages, and its source map
// - service-….cjs.code-cache, V8's form of it, so that a start does not compile it
// - the other entries, as bundle.mjs makes them
// - the licences of all npm packages in them
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { writeLicences } from './bundle-licences.mjs'
import { removeDependenciesFromMaps } from './bundle-maps.mjs'
import { besideBundleOptions, bundleOptions, serviceBundleOf, serviceOptions } from './bundle-options.mjs'
import { removeOldChunks } from './old-chunks.mjs'

const folder = process.cwd()
const entries = process.argv.slice(2)
const service = await build(serviceOptions(folder))
const bundle = serviceBundleOf(service.metafile)
const others = await build(bundleOptions(folder, entries))
const loader = await build(besideBundleOptions(folder, 'main.ts', 'dist/main.js', bundle))
const outputs = { ...service.metafile.outputs, ...others.metafile.outputs, ...loader.metafile.outputs }
removeDependenciesFromMaps(folder, { outputs })

const maker = join(folder, 'dist/write-code-cache.js')
await build(besideBundleOptions(folder, 'write-code-cache.ts', maker, bundle))
execFileSync(process.execPath, [maker], { stdio: ['ignore', 'inherit', 'inherit'] })
rmSync(maker)
const written = [...Object.keys(outputs), `dist/${bundle}.code-cache`, ...writeLicences(folder, outputs)]
removeOldChunks(folder, written)
