import { fileURLToPath } from 'node:url'
import shared from '../../../../vitest.shared.ts'

/** Measurements: they say something on a quiet machine only, so no test run asserts them. */
export default {
  ...shared,
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { ...shared.test, include: ['test/timing/*.timing.ts'] },
}
