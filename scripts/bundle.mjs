// Bundles one app or package for Node: `node ../../scripts/bundle.mjs src/main.ts [more entries]` from its folder.
// Everything is bundled, npm packages too, because a service that starts from one file is ready in a third of the time.
import { build } from 'esbuild'
import { bundleOptions, removeOldChunks } from './bundle-options.mjs'

const folder = process.cwd()
const { metafile } = await build(bundleOptions(folder, process.argv.slice(2)))
removeOldChunks(folder, metafile)
