// Runs programs of Node at the same time. When one ends, the others are asked to end too.
import { spawn } from 'node:child_process'

/**
 * A signal to this process alone is passed on. In a terminal Ctrl-C reaches the programs by itself, and they
 * take both for one request.
 * @param {readonly { file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv }[]} programs
 * @returns the exit code of the program that ended first, once all have ended. After a signal it is 0.
 */
export async function runTogether(programs) {
  let hasBeenAsked = false
  const children = programs.map(({ file, args, ...where }) =>
    spawn(process.execPath, [file, ...args], { ...where, stdio: 'inherit' }),
  )
  const stop = () => {
    for (const child of children) child.kill('SIGTERM')
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      hasBeenAsked = true
      stop()
    })
  }
  const ends = children.map(
    (child) =>
      new Promise((resolve) => {
        child.once('error', () => resolve(1))
        child.once('exit', (code) => resolve(code ?? 0))
      }),
  )
  const code = await Promise.race(ends)
  stop()
  await Promise.all(ends)
  return hasBeenAsked ? 0 : code
}
