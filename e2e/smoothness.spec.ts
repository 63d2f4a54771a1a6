import { measureSmoothness } from './smoothness.ts'
import { expect, startSystem, test } from './system.ts'

// The short form: it shows that a busy list can be used. `smoothness` measures how smoothly it goes.
test('a list is scrolled, filtered and opened while others register', async ({ page }) => {
  test.setTimeout(400_000)
  const system = await startSystem()
  try {
    const phases = await measureSmoothness(system, page, {
      identities: 1500,
      registersPerSecond: 10,
      scrollSeconds: 2,
      traced: false,
    })
    expect(phases.map(({ name }) => name)).toContain('filtering by domain')
  } finally {
    await system.remove()
  }
})
