import { expect, startSystem, test } from '../system/system.ts'
import { openDashboard } from './dashboard-page.ts'
import { measureSmoothness } from './smoothness.ts'

const IDENTITIES = Number(process.env.IDENTITIES ?? 1_000_000)
const REGISTERS = Number(process.env.REGISTERS ?? 200)
const SCROLL_SECONDS = Number(process.env.SCROLL_SECONDS ?? 20)
const LONGEST_MS = 100

test(`${IDENTITIES} identities and ${REGISTERS} registers a second`, async ({ page }) => {
  test.setTimeout(60 * 60_000)
  await page.setViewportSize({ width: 1280, height: 800 })
  const system = await startSystem()
  try {
    const load = {
      identities: IDENTITIES,
      registersPerSecond: REGISTERS,
      scrollSeconds: SCROLL_SECONDS,
      traced: true,
      open: (path: string) => openDashboard(page, system, path),
    }
    const phases = await measureSmoothness(system, page, load)
    console.log('| what | took | longest task, CPU | by the clock | tasks over 50 ms CPU | load |')
    console.log('| --- | --- | --- | --- | --- | --- |')
    for (const { name, seconds, mainThread } of phases) {
      const { longestCpuMs, longestMs, over50Ms, load: busy } = mainThread ?? {}
      console.log(`| ${name} | ${seconds} s | ${longestCpuMs} ms | ${longestMs} ms | ${over50Ms} | ${busy} |`)
    }
    for (const { name, mainThread } of phases) console.log(`${name}: ${mainThread?.parts.join(', ')}`)
    // By CPU time, because other programs of the machine lengthen a task by the clock.
    const long = phases.filter(({ mainThread }) => (mainThread?.longestCpuMs ?? 0) > LONGEST_MS)
    expect(long).toEqual([])
  } finally {
    await system.remove()
  }
})
