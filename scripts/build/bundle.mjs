// Bundles one app or package for Node. Run `node ../../scripts/build/bundle.mjs src/main.ts [more entries]`
// in its folder. npm packages are bundled too, because a service in one file starts in a third of the time.
import { build } from 'esbuild'
import { writeLicences } from './bundle-licences.mjs'
import { removeDependenciesFromMaps } from './bundle-maps.mjs'
import { bundleOptions } from './bundle-options.mjs'
import { removeOldChunks } from './old-chunks.mjs'

const folder = process.cwd()
const { metafile } = await build(bundleOptions(folder, process.argv.slice(2)))
removeDependenciesFromMaps(folder, metafile)
removeOldChunks(folder, [...Object.keys(metafile.outputs), ...writeLicences(folder, metafile.outputs)])
