const LOOK_MS = 500

/**
 * Ends this process by SIGTERM when its parent has gone, where npx has started it. npx passes a signal on to
 * its shell alone, so a command that runs until Ctrl-C would stay behind.
 */
export function endWithNpx({ npm_command }: Readonly<Record<string, string | undefined>>): void {
  if (npm_command !== 'exec') return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_MS)
  timer.unref()
}
