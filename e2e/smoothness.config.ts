import { defineConfig } from '@playwright/test'
import base from './playwright.config.ts'

/** Measures the list of identities under load; `pnpm --filter @emailauth/e2e smoothness`. */
export default defineConfig({ ...base, workers: 1, testMatch: 'browser/smoothness-full.ts' })
