import type { CpuProfile } from './inspector.ts'
import { locationOf } from './self-time.ts'

/** A function as it was called from one place. */
export interface Frame {
  readonly location: string
  /** CPU time of it and of all that it called, in any unit. */
  time: number
  readonly callees: Map<string, Frame>
}

export const createFrame = (location: string): Frame => ({ location, time: 0, callees: new Map() })

const WAITING = '(idle)'
/** Stands between our functions and says nothing about them. */
const ROOT = '(root)'

/** Adds a profile below a frame, times in microseconds; waiting counts for nothing. */
export function addProfile(frame: Frame, profile: CpuProfile): void {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const callerOf = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((callee) => [callee, id])),
  )
  const stacks = new Map<number, string[]>()
  const stackOf = (id: number): string[] => {
    const known = stacks.get(id)
    if (known !== undefined) return known
    const caller = callerOf.get(id)
    const node = nodes.get(id)
    const location = node === undefined ? ROOT : locationOf(node.callFrame)
    const below = caller === undefined ? [] : stackOf(caller)
    const stack = location === ROOT ? below : [...below, location]
    stacks.set(id, stack)
    return stack
  }
  for (const [i, id] of profile.samples.entries()) {
    const stack = stackOf(id)
    if (stack[0] === WAITING) continue
    // A sample stands for the time until the next one.
    const micros = profile.timeDeltas[i + 1] ?? 0
    let at = frame
    at.time += micros
    for (const location of stack) {
      const callee = at.callees.get(location) ?? createFrame(location)
      at.callees.set(location, callee)
      callee.time += micros
      at = callee
    }
  }
}

/** A frame side by side with others, scaled to so many microseconds. */
export interface Column {
  readonly frame: Frame
  readonly micros: number
}

const WIDTH = 1200
const ROW = 17
const LETTER = 6.1
/** Narrower frames are left out. */
const LEAST_WIDTH = 1.5
const HEAD = 46

const COLORS = [
  ['our code', '#f4a259'],
  ['npm packages', '#8cb369'],
  ['Node.js', '#9fb8d8'],
  ['V8 and C++', '#c9c5bd'],
] as const

function colorOf(location: string): string {
  const [, file] = location.split('  ')
  if (file === undefined) return COLORS[3][1]
  if (file.startsWith('node:')) return COLORS[2][1]
  // The bundles hold npm packages without source maps.
  return COLORS[/\.ts:\d+$/.test(file) ? 0 : 1][1]
}

/** Draws the columns as SVG: callers below, wider is longer. */
export function drawFlameGraph(title: string, columns: readonly Column[]): string {
  const total = columns.reduce((sum, { micros }) => sum + micros, 0)
  const boxes: { x: number; width: number; depth: number; micros: number; location: string }[] = []
  let deepest = 0
  const place = (frame: Frame, x: number, depth: number, micros: number) => {
    const width = (WIDTH * micros) / total
    if (width < LEAST_WIDTH) return
    deepest = Math.max(deepest, depth)
    boxes.push({ x, width, depth, micros, location: frame.location })
    let at = x
    for (const callee of [...frame.callees.values()].sort((a, b) => b.time - a.time)) {
      const share = (micros * callee.time) / frame.time
      place(callee, at, depth + 1, share)
      at += (WIDTH * share) / total
    }
  }
  let x = 0
  for (const { frame, micros } of columns) {
    place(frame, x, 0, micros)
    x += (WIDTH * micros) / total
  }
  const height = HEAD + (deepest + 1) * ROW + 4
  const rects = boxes.map(({ x, width, depth, micros, location }) => {
    const y = height - 4 - (depth + 1) * ROW
    const label = textFor(
      depth === 0 ? `${location} ${micros.toFixed(1)} µs` : (location.split('  ')[0] ?? ''),
      width,
    )
    const fill = depth === 0 ? '#e5e1d8' : colorOf(location)
    const text = label === '' ? '' : `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>`
    return `<g><title>${escaped(location)}: ${micros.toFixed(2)} µs</title><rect x="${x.toFixed(1)}" y="${y}" width="${(width - 0.4).toFixed(1)}" height="${ROW - 1}" fill="${fill}"/>${text}</g>`
  })
  const legend = COLORS.map(
    ([name, color], i) =>
      `<rect x="${3 + i * 130}" y="26" width="11" height="11" fill="${color}"/><text x="${18 + i * 130}" y="36">${escaped(name)}</text>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-monospace,Menlo,monospace" font-size="10">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="3" y="15" font-size="13">${escaped(title)}: ${total.toFixed(0)} µs of CPU</text>`,
    ...legend,
    ...rects,
    '</svg>\n',
  ].join('\n')
}

function textFor(text: string, width: number): string {
  const letters = Math.floor((width - 6) / LETTER)
  if (letters < 3) return ''
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
