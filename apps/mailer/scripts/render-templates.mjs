// Renders the mail templates ahead: `node scripts/render-templates.mjs` from the mailer's folder writes src/templates/generated.
import { rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

// Beside node_modules, so that the packages that stay outside the bundle are found.
const bundle = new URL('../dist-templates.mjs', import.meta.url)

try {
  await build({
    entryPoints: ['src/templates/source/render.tsx'],
    outfile: bundle.pathname,
    bundle: true,
    platform: 'node',
    format: 'esm',
    jsx: 'automatic',
    packages: 'external',
    logLevel: 'warning',
  })
  const { renderTemplates } = await import(bundle.href)
  await writeFile('src/templates/generated/number-mail-html.ts', await renderTemplates())
} finally {
  await rm(bundle, { force: true })
}
