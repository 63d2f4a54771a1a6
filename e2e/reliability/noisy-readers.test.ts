import { expect, test } from 'vitest'
import { report } from './form.ts'
import { measureNoise } from './noisy-readers.ts'

const FULL = process.env.EMAILAUTH_FULL === '1'

/** The short form looks at what happened, not at how fast: on a busy machine times say nothing. */
test('16 hostile readers: another tenant registers as before', async () => {
  const found = await measureNoise(
    FULL
      ? { identities: 4000, registers: 400, readers: 16, rounds: 5, isTimed: true }
      : { identities: 200, registers: 40, readers: 16, rounds: 1, isTimed: false },
  )
  report('noisy readers', found)
  expect(found.failedRegisters).toEqual([])
  expect(found.reads).toBeGreaterThan(0)
  // Each read is answered, put off, or refused for its cost; none is a fault.
  expect(found.faults).toEqual([])
  if (FULL) expect(found.p99Ms.disturbed).toBeLessThan(2 * found.p99Ms.undisturbed)
}, 600_000)
