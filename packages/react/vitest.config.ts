import shared from '../../vitest.shared.ts'

export default {
  ...shared,
  test: { ...shared.test, include: [...(shared.test?.include ?? []), 'test/**/*.test.tsx'] },
}
