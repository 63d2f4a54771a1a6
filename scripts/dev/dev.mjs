// `npm run dev` runs all of it for development. A service whose code changes is bundled and restarted. Vite
// serves the dashboard. Ctrl-C ends everything.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build as bundle, context } from 'esbuild'
import {
  besideBundleOptions,
  removeOldChunks,
  serviceBundleOf,
  serviceOptions,
} from '../build/bundle-options.mjs'
import { build, env, install, root } from '../setup/setup.mjs'
import { devPrograms } from './dev-programs.mjs'

const SERVICES = ['gateway', 'persistence', 'mailer', 'inbox']

install()
build()

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
        removeOldChunks(folder, { outputs: { ...metafile.outputs, ...loader.metafile.outputs } })
      })
    },
  }
  const options = serviceOptions(folder)
  const watched = await context({ ...options, plugins: [...options.plugins, finish] })
  await watched.watch()
}

const children = devPrograms(process.argv.slice(2), env).map(({ file, args, ...where }) =>
  spawn(process.execPath, [file, ...args], { ...where, stdio: 'inherit' }),
)
process.stderr.write('The dashboard with hot reload: http://127.0.0.1:5173/admin/\n')
const stop = (signal) => {
  for (const child of children) child.kill(signal)
}
// The terminal sends Ctrl-C to all programs. A signal to this process alone is passed on.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => stop('SIGTERM'))
for (const child of children) {
  child.on('exit', (code) => {
    stop('SIGTERM')
    process.exitCode ??= code ?? 0
    Promise.all(children.map((each) => each.exitCode ?? new Promise((over) => each.once('exit', over)))).then(
      () => process.exit(),
    )
  })
}
