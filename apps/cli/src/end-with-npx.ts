type Environment = Readonly<Record<string, string | undefined>>

const LOOK_MS = 500
/** npm quotes the name of the command, or not, by version and system. */
const RUNS_US = /^["']?emailauth["']?(?:\s|$)/

/**
 * Ends this process by SIGTERM when its parent has gone, where npx has started it. npx passes a signal on to
 * its shell alone, so a command that runs until Ctrl-C would stay behind.
 */
export function endWithNpx(env: Environment): void {
  if (!isRunByNpx(env)) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_MS)
  timer.unref()
}

/** Another tool that npx runs passes npm's variables on to its commands, but they name that tool. */
export function isRunByNpx({ npm_command, npm_lifecycle_script = '' }: Environment): boolean {
  return npm_command === 'exec' && RUNS_US.test(npm_lifecycle_script)
}
