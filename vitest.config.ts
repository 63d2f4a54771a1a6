import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import inbox from './apps/inbox/vitest.config.ts'
import { LongestFirst } from './scripts/test/longest-first.ts'
import { APART, OTHERS } from './scripts/test/projects.mjs'

const LEAVES_NOTHING = fileURLToPath(new URL('scripts/test/leaves-nothing.ts', import.meta.url))

/**
 * One run over every package. Each also has a config of its own, for runs in its folder. With a project for
 * each package, workers began eighteen times and loaded the same modules anew.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Not `viteModuleRunner: false`: on Node 20 what compiles TypeScript then runs in a thread, and each
    // import of a library goes through it too. With all modules in the cache a run of one file of the gateway
    // took 3.8 CPU s instead of 3.0.
    experimental: { fsModuleCache: true, fsModuleCachePath: cacheOfThisRun() },
    projects: [
      ...Object.entries(APART).map(([name, folders]) => project(name, folders.map(testsIn))),
      project(OTHERS, [testsIn('.')], Object.values(APART).flat().map(testsIn)),
    ],
  },
})

function testsIn(folder: string): string {
  return `${folder}/**/*.test.{ts,tsx,js}`
}

/** The config of the inbox is that of all, and imports of text as its page needs them. */
function project(name: string, include: readonly string[], exclude: readonly string[] = []) {
  const built = ['**/node_modules/**', '**/dist/**']
  return {
    ...inbox,
    test: {
      ...inbox.test,
      name,
      include: [...include],
      exclude: [...built, ...exclude],
      // A system of programs may still be ending when its test has.
      setupFiles: name === 'systems' ? [] : [LEAVES_NOTHING],
    },
  }
}

/**
 * Projects share the modules that Vite transformed, as the processes of `npm test` do, which names a folder.
 * The cache is of this run only, because it does not notice a change of a plugin.
 */
function cacheOfThisRun(): string {
  const shared = process.env.EMAILAUTH_TEST_MODULES
  if (shared !== undefined) return shared
  const folder = mkdtempSync(join(tmpdir(), 'emailauth-vitest-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
