// What `npm run dev` runs once all is built. A service whose code changes is bundled and restarted. Vite
// serves the dashboard.
import { join } from 'node:path'
import { build as bundle, context } from 'esbuild'
import { LICENCES_FILE } from '../build/bundle-licences.mjs'
import { besideBundleOptions, serviceBundleOf, serviceOptions } from '../build/bundle-options.mjs'
import { removeOldChunks } from '../build/old-chunks.mjs'
import { env, root } from '../setup/setup.mjs'
import { devPrograms } from './dev-programs.mjs'
import { runTogether } from './run-together.mjs'

const SERVICES = ['gateway', 'persistence', 'mailer', 'inbox']

for (const name of SERVICES) {
  const folder = join(root, 'apps', name)
  // The loader is written last, because `up` watches it.
  const finish = {
    name: 'finish',
    setup(build) {
      build.onEnd(async ({ metafile, errors }) => {
        if (errors.length > 0) return
        const name = serviceBundleOf(metafile)
        const loader = await bundle(besideBundleOptions(folder, 'main.ts', 'dist/main.js', name))
        const outputs = Object.keys({ ...metafile.outputs, ...loader.metafile.outputs })
        removeOldChunks(folder, [...outputs, LICENCES_FILE])
      })
    },
  }
  const options = serviceOptions(folder)
  const watched = await context({ ...options, plugins: [...options.plugins, finish] })
  await watched.watch()
}

process.stderr.write('The dashboard with hot reload: http://127.0.0.1:5173/admin/\n')
process.exit(await runTogether(devPrograms(process.argv.slice(2), env)))
