// Builds the bundles inside the image's first stage, unless they came with the sources.
import { existsSync } from 'node:fs'

const APPS = ['gateway', 'persistence', 'mailer', 'serve', 'admin', 'cli']
const isBuilt = APPS.every((app) => existsSync(new URL(`../apps/${app}/dist`, import.meta.url)))
if (!isBuilt) {
  const { build, install } = await import('../scripts/setup/setup.mjs')
  install()
  build()
}
