import { fileURLToPath } from 'node:url'
import shared from '../../../../vitest.shared.ts'

/** The full forms of the soak tests: minutes, not seconds. */
export default {
  ...shared,
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { ...shared.test, include: ['test/soak/*.soak.ts'] },
}
