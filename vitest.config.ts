import { defineConfig } from 'vitest/config'

/** One run over every package; each brings its own config. */
export default defineConfig({
  test: { projects: ['apps/*', 'packages/!(testing|design)', 'bench', 'e2e', 'examples/recipes'] },
})
