import { defineConfig } from '@playwright/test'
import base from './playwright.config.ts'

/** Takes the pictures for the docs; `pnpm --filter @emailauth/e2e screenshots`. */
export default defineConfig({ ...base, workers: 1, testMatch: 'browser/screenshots.ts' })
