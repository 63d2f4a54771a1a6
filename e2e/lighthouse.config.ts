import { defineConfig } from '@playwright/test'
import base from './playwright.config.ts'

/** Measures every page with Lighthouse; `pnpm --filter @emailauth/e2e lighthouse`. */
export default defineConfig({ ...base, workers: 1, testMatch: 'browser/lighthouse.ts' })
