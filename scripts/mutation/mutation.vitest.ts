import { fileURLToPath } from 'node:url'
import shared from '../../vitest.shared.ts'

const packages = fileURLToPath(new URL('../../packages/', import.meta.url))

/** The tests of one area of scripts/mutation/mutation.mjs, run from the root of Stryker's copy. */
export default {
  ...shared,
  resolve: {
    alias: [
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      // The links in node_modules lead out of the copy, to packages that are not mutated.
      { find: /^@emailauth\/([a-z]+)\/(.+)$/, replacement: `${packages}$1/src/$2.ts` },
    ],
  },
  test: { ...shared.test, isolate: true, include: process.env.EMAILAUTH_MUTATION_TESTS?.split(',') ?? [] },
}
