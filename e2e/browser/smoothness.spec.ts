import { adminOf, expect } from '../system/system.ts'
import { goTo } from './dashboard-page.ts'
import { test } from './open-dashboard.ts'
import { measureSmoothness, TENANT } from './smoothness.ts'

// The short form: it shows that a busy list can be used. `smoothness` measures how smoothly it goes.
test('a list is scrolled, filtered and opened while others register', async ({ system, dashboard }) => {
  test.setTimeout(400_000)
  try {
    const phases = await measureSmoothness(system, dashboard, {
      identities: 600,
      registersPerSecond: 10,
      scrollSeconds: 2,
      traced: false,
      open: (path) => goTo(dashboard, path),
    })
    expect(phases.map(({ name }) => name)).toContain('filtering by domain')
  } finally {
    await goTo(dashboard, '/system')
    // Other tests of this system look at the lists of all tenants.
    await adminOf(system).deleteTenant(TENANT)
  }
})
