import { expect, test } from 'vitest'
import { parseMachineStat } from './machine-stat.ts'
import { parseProcessStat, parseThreadTurns, readProcessStat, readProcessTurns } from './process-stat.ts'

const AFTER_NAME =
  'S 1 42 42 0 -1 4194304 900 0 0 0 150 50 0 0 20 0 11 0 1000 1200000000 2500 18446744073709551615'

test('CPU time and memory are read, whatever the name of the program', () => {
  for (const name of ['node', 'a b', 'x) R 9 9', '((']) {
    expect(parseProcessStat(`42 (${name}) ${AFTER_NAME}`)).toEqual({
      cpuMicros: 2_000_000,
      rssBytes: 2500 * 4096,
    })
  }
})

test.each(['', '42 (node)', '42 (node) S 1 2'])('%j is refused', (line) => {
  expect(() => parseProcessStat(line)).toThrow('no line')
})

test('a process that works has used CPU time', async () => {
  const before = await readProcessStat(process.pid)
  const until = process.cpuUsage().user + 60_000
  while (process.cpuUsage().user < until) Math.sqrt(until)
  const after = await readProcessStat(process.pid)
  expect(after.cpuMicros).toBeGreaterThan(before.cpuMicros)
  expect(after.rssBytes).toBeGreaterThan(10_000_000)
})

test('exact CPU time and wake-ups of a thread are read, and those of all threads added up', async () => {
  const status = 'Name:\tnode\nvoluntary_ctxt_switches:\t42\nnonvoluntary_ctxt_switches:\t7\n'
  expect(parseThreadTurns('1234567 890 12\n', status)).toEqual({ cpuMicros: 1234.567, wakeUps: 42 })
  expect(() => parseThreadTurns('', '')).toThrow('no schedstat')
  const before = await readProcessTurns(process.pid)
  await new Promise((over) => setTimeout(over, 5))
  const after = await readProcessTurns(process.pid)
  expect(after.wakeUps).toBeGreaterThan(before.wakeUps)
  expect(after.cpuMicros).toBeGreaterThan(before.cpuMicros)
})

test("the machine's time is busy or idle", () => {
  expect(parseMachineStat('cpu  10 1 5 100 20 2 3 4 0 0\ncpu0 1 1 1 1\n')).toEqual({
    busyMicros: 250_000,
    idleMicros: 1_200_000,
  })
  expect(() => parseMachineStat('')).toThrow('no /proc/stat')
})
