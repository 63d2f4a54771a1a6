import { expect, test } from 'vitest'
import { addProfile, createFrame, drawFlameGraph } from './flame-graph.ts'

const at = (functionName: string) => ({ functionName, url: '', lineNumber: 0, columnNumber: 0 })

/** The root calls `serve`, which calls `parse` and `<write>`; and it waits. */
const PROFILE = {
  nodes: [
    { id: 1, callFrame: at('(root)'), children: [2, 3] },
    { id: 2, callFrame: at('(idle)') },
    { id: 3, callFrame: at('serve'), children: [4, 5] },
    { id: 4, callFrame: at('parse') },
    { id: 5, callFrame: at('<write>') },
  ],
  samples: [2, 4, 5, 3, 2],
  timeDeltas: [0, 1000, 30, 50, 20],
}

test('a frame has the time of what it called; waiting counts for nothing', () => {
  const frame = createFrame('gateway')
  addProfile(frame, PROFILE)
  addProfile(frame, PROFILE)
  expect(frame.time).toBe(200)
  const serve = frame.callees.get('serve')
  expect(serve?.time).toBe(200)
  expect([...(serve?.callees.values() ?? [])].map(({ location, time }) => [location, time])).toEqual([
    ['parse', 60],
    ['<write>', 100],
  ])
})

test('columns are as wide as their share, and what is narrow is left out', () => {
  const gateway = createFrame('gateway')
  addProfile(gateway, PROFILE)
  const mailer = createFrame('mailer')
  addProfile(mailer, PROFILE)
  const svg = drawFlameGraph('verify', [
    { frame: gateway, micros: 30 },
    { frame: mailer, micros: 0.01 },
  ])
  expect(svg).toContain('verify: 30 µs of CPU')
  expect(svg).toContain('<title>serve: 30.00 µs</title>')
  expect(svg).toContain('<title>&lt;write&gt;: 15.00 µs</title>')
  expect(svg).not.toContain('mailer')
})
