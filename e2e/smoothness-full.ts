import { measureSmoothness, SERVICE_TOKEN } from './smoothness.ts'
import { expect, startSystem, test } from './system.ts'

const IDENTITIES = Number(process.env.IDENTITIES ?? 1_000_000)
const REGISTERS = Number(process.env.REGISTERS ?? 200)
const LONGEST_MS = 100

test(`${IDENTITIES} identities and ${REGISTERS} registers a second`, async ({ page }) => {
  test.setTimeout(60 * 60_000)
  await page.setViewportSize({ width: 1280, height: 800 })
  const system = await startSystem({ EMAILAUTH_SERVICE_TOKEN: SERVICE_TOKEN })
  try {
    const load = { identities: IDENTITIES, registersPerSecond: REGISTERS, scrollSeconds: 20 }
    const phases = await measureSmoothness(system, page, load)
    for (const { name, longestMs, over50Ms, seconds } of phases) {
      console.log(`| ${name} | ${seconds} s | ${longestMs} ms | ${over50Ms} |`)
    }
    expect(phases.filter(({ longestMs }) => longestMs > LONGEST_MS)).toEqual([])
  } finally {
    await system.remove()
  }
})
