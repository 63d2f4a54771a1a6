import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/**
 * Shared by all packages' tests: Lua and HTML as text, and one copy of graphql (ESM and CJS builds cannot be
 * mixed).
 */
export default defineConfig({
  plugins: [
    {
      name: 'text-files',
      enforce: 'pre',
      load(id) {
        const file = id.split('?')[0] ?? id
        return /\.(lua|html)$/.test(file)
          ? `export default ${JSON.stringify(readFileSync(file, 'utf8'))}`
          : null
      },
    },
  ],
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // These end a test that hangs. A busy machine may need minutes for what takes seconds on an idle one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    passWithNoTests: false,
    // The files of a worker share their modules: loading an app takes longer than most files' tests.
    isolate: false,
    unstubEnvs: true,
    restoreMocks: true,
  },
})
