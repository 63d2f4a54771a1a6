import shared from '../vitest.shared.ts'

/** The reliability tests: the whole system over the built services. The browser's tests (`*.spec.ts`) are Playwright's. */
export default { ...shared, test: { ...shared.test, include: ['*.test.ts', 'reliability/**/*.test.ts'] } }
