import { spawnSync } from 'node:child_process'

/** The programs that are missing here, and `root` for anybody else. */
export function missingPrograms(isPrebuilt) {
  const needed = ['buildah', 'unshare', 'setpriv', 'nsenter', 'redis-server']
  if (!isPrebuilt) needed.push('debootstrap')
  const missing = needed.filter((program) => spawnSync('which', [program]).status !== 0)
  if (process.getuid?.() !== 0) missing.unshift('root')
  else if (spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status !== 0)
    missing.push('namespaces of the kernel')
  return missing
}

/** Runs a program and returns what it printed; throws with its errors. */
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options })
  if (done.status !== 0)
    throw new Error(`${program} ${args.join(' ')} failed: ${done.error?.message ?? done.stderr.slice(-4000)}`)
  return done.stdout.trim()
}
