// The programs that `npm run dev` runs beside its bundler. Each is started by its file, because the PATH of
// the root lacks the programs of single packages.
import { join } from 'node:path'
import { root } from '../setup/setup.mjs'

const admin = join(root, 'apps/admin')

/**
 * @param {readonly string[]} upArgs arguments for `emailauth up`
 * @param {{ readonly [name: string]: string | undefined }} env
 */
export function devPrograms(upArgs, env) {
  const gateway = `http://127.0.0.1:${env.EMAILAUTH_GATEWAY_PORT || 4000}`
  return [
    // `up --watch` sees the new bundles.
    { file: join(root, 'apps/cli/bin/emailauth.js'), args: ['up', '--watch', ...upArgs], cwd: root, env },
    {
      file: join(admin, 'node_modules/vite/bin/vite.js'),
      // Vite's default may be ::1 alone.
      args: ['--host', '127.0.0.1', '--clearScreen', 'false', '--logLevel', 'warn'],
      cwd: admin,
      env: { ...env, EMAILAUTH_URL: env.EMAILAUTH_URL || gateway },
    },
  ]
}
