// Runs programs one after another, and ends all that they started when it is asked to end.
import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs steps, each a program of Node, until one fails or a signal comes. It exits as the last step did.
 *
 * A step runs in a process group of its own. A signal ends the whole group, and we exit when all of it has
 * ended, so that nothing is left behind. A graceful step ends what it started by itself. It shares our group,
 * so that Ctrl-C in a terminal reaches it at once. Signals are passed on to it as well, because Docker and CI
 * signal one process; it takes both for one request.
 * @param {{ args: string[], isGraceful?: boolean }[]} steps
 * @param {import('node:child_process').SpawnOptions} options
 */
export async function runSteps(steps, options) {
  let pass = () => {}
  let hasBeenAsked = false
  for (const signal of SIGNALS)
    process.on(signal, () => {
      hasBeenAsked = true
      pass(signal)
    })
  endWithParent(() => {
    hasBeenAsked = true
    pass('SIGTERM')
  })
  let code = 0
  for (const { args, isGraceful = false } of steps) {
    if (code !== 0 || hasBeenAsked) break
    const child = spawn(process.execPath, args, { stdio: 'inherit', detached: !isGraceful, ...options })
    pass = (signal) => {
      if (!isGraceful) endGroup(child, signal)
      else child.kill(signal)
    }
    code = await new Promise((resolve) => {
      child.once('error', () => resolve(1))
      child.once('exit', (status, signal) => resolve(status ?? (signal === null ? 0 : 1)))
    })
    if (hasBeenAsked && !isGraceful) await endOfGroup(child)
  }
  process.exit(code)
}

const LOOK_EVERY_MS = 200

/** npm does not pass SIGHUP on. It ends by it, or by SIGKILL, and we are left behind. */
function endWithParent(end) {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    end()
  }, LOOK_EVERY_MS)
  timer.unref()
}

/** Playwright takes this long for its browsers and servers at the most. */
const END_MS = 40_000
const END_EVERY_MS = 50

/** Waits until nothing of a group runs; what does not end in time is killed. */
async function endOfGroup(child) {
  const deadline = Date.now() + END_MS
  while (endGroup(child, 0)) {
    if (Date.now() >= deadline) return endGroup(child, 'SIGKILL')
    await wait(END_EVERY_MS)
  }
}

/** @returns whether the group has a process that got the signal; 0 only asks. */
function endGroup({ pid }, signal) {
  try {
    return process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch {
    // The last process has ended meanwhile.
    return false
  }
}
