import shared from '../vitest.shared.ts'

/**
 * The reliability tests: the whole system with built services. Playwright runs the browser tests
 * (`*.spec.ts`).
 */
export default { ...shared, test: { ...shared.test, include: ['**/*.test.ts'] } }
