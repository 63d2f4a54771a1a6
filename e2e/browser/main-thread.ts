import { loadavg } from 'node:os'
import type { Page } from '@playwright/test'

/** What the main thread of a page did for a while. Times in milliseconds. */
export interface MainThread {
  /** The longest task by CPU time of its thread, which other programs on the machine do not lengthen. */
  readonly longestCpuMs: number
  /** The longest task by the clock, as a person waits for it. */
  readonly longestMs: number
  /** Tasks over 50 ms by CPU time. */
  readonly over50Ms: number
  /** What the longest task by CPU time consisted of, longest first. */
  readonly parts: readonly string[]
  /** Processes that wanted to run, on average over the last minute. */
  readonly load: number
}

/** An event of Chromium's trace. Times in microseconds. */
interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string; readonly data?: { readonly functionName?: string } }
}

const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline']
const TASK = /RunTask$/

/** Traces the main thread of a page while something is done. */
export async function traceMainThread(page: Page, act: () => Promise<unknown>): Promise<MainThread> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('A persistent context cannot be traced.')
  await browser.startTracing(page, { categories: CATEGORIES })
  try {
    await act()
  } catch (error) {
    await browser.stopTracing()
    throw error
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[]
  }
  return readTrace(traceEvents)
}

/** The tasks of the renderer that worked most: other renderers are those of no page. */
function readTrace(events: readonly TraceEvent[]): MainThread {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
  const tasksOf = ({ pid, tid }: TraceEvent) =>
    events.filter(
      (event) => event.pid === pid && event.tid === tid && event.ph === 'X' && TASK.test(event.name),
    )
  const [tasks = []] = mains.map(tasksOf).toSorted((one, other) => cpuOf(other) - cpuOf(one))
  if (tasks.length === 0) throw new Error('The trace has no tasks of a main thread.')
  const cpu = tasks.map(({ tdur = 0 }) => tdur / 1000)
  const longest = tasks.toSorted((one, other) => (other.tdur ?? 0) - (one.tdur ?? 0))[0]
  return {
    longestCpuMs: Math.round(Math.max(...cpu)),
    longestMs: Math.round(Math.max(...tasks.map(({ dur = 0 }) => dur / 1000))),
    over50Ms: new Set(tasks.filter(({ tdur = 0 }) => tdur > 50_000).map(({ ts }) => ts)).size,
    parts: longest === undefined ? [] : partsOf(longest, events),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  }
}

const cpuOf = (tasks: readonly TraceEvent[]) => tasks.reduce((sum, { tdur = 0 }) => sum + tdur, 0)

/** The events within a task by their names, at least a tenth of it each. */
function partsOf(task: TraceEvent, events: readonly TraceEvent[]): string[] {
  const end = task.ts + (task.dur ?? 0)
  const sums = new Map<string, number>()
  for (const { name, ph, pid, tid, ts, dur = 0, tdur = 0, args } of events) {
    const within = pid === task.pid && tid === task.tid && ts >= task.ts && ts + dur <= end
    if (!within || ph !== 'X' || TASK.test(name)) continue
    const shown = args?.data?.functionName ? `${name} ${args.data.functionName}` : name
    sums.set(shown, (sums.get(shown) ?? 0) + tdur)
  }
  return [...sums]
    .filter(([, us]) => us > (task.tdur ?? 0) / 10)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 6)
    .map(([name, us]) => `${name} ${Math.round(us / 1000)} ms`)
}
