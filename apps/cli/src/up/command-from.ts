import { join, relative, sep } from 'node:path'
import type { World } from '../context.ts'

/** What to type in the folder that `up` was called from, so that the CLI finds itself and the credentials. */
export function commandFrom({ env, folder, root }: Pick<World, 'env' | 'folder' | 'root'>): string {
  const base = root.endsWith(sep) ? root.slice(0, -1) : root
  const below = relative(base, folder)
  const isInside = below === '' || (!below.startsWith('..') && !below.startsWith(sep))
  const home = env.EMAILAUTH_HOME || (isInside ? undefined : join(base, '.emailauth'))
  // npx knows the command in the repository's root only.
  const command = below === '' ? 'npx emailauth' : `node ${quoted(join(base, 'apps/cli/bin/emailauth.js'))}`
  return home === undefined ? command : `EMAILAUTH_HOME=${quoted(home)} ${command}`
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
