import { afterAll, type RunnerTask, vi } from 'vitest'

/**
 * What a file must have closed at its end. Each of them keeps a process alive, so none of them is there by
 * chance: sockets and timers of a client that is done may end a moment later by themselves.
 */
const LASTING = ['TCPServerWrap', 'PipeServerWrap', 'ProcessWrap']
/** Only a file that fails waits so long: the last close may not be awaited. */
const CLOSING_MS = Number(process.env.EMAILAUTH_TEST_CLOSING_MS ?? 20_000)
const LOOK_EVERY_MS = 20

/** What fake timers replace. A spy on a fake one that is restored too late puts it back for good. */
const CLOCKS = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'Date'] as const

const before = countLasting()
const clocks = CLOCKS.map((name) => globalThis[name])

/**
 * A setup file: fails a test file that leaves servers, processes or fake timers behind. The files of a worker
 * share a process, where these disturb the next ones.
 */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads the fixture's needs off this pattern
afterAll(async ({}, suite) => {
  // A test that failed may not have come to the end where it closes all of it.
  if (hasFailed(suite)) return
  if (vi.isFakeTimers()) {
    vi.useRealTimers()
    throw new Error('This file leaves fake timers behind.')
  }
  vi.restoreAllMocks()
  const replaced = CLOCKS.filter((name, at) => globalThis[name] !== clocks[at])
  if (replaced.length > 0) {
    for (const [at, name] of CLOCKS.entries()) Object.assign(globalThis, { [name]: clocks[at] })
    throw new Error(`This file leaves behind another ${replaced.join(', ')}.`)
  }
  const deadline = performance.now() + CLOSING_MS
  while (left().length > 0) {
    if (performance.now() > deadline) throw new Error(`This file leaves behind: ${left().join(', ')}.`)
    await new Promise((looked) => setTimeout(looked, LOOK_EVERY_MS))
  }
})

function left(): string[] {
  const now = countLasting()
  return LASTING.filter((type) => (now.get(type) ?? 0) > (before.get(type) ?? 0))
}

function countLasting(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}

function hasFailed(task: RunnerTask): boolean {
  return task.result?.state === 'fail' || ('tasks' in task && task.tasks.some(hasFailed))
}
