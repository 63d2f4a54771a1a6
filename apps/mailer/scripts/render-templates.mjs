// Renders the mail templates to src/templates/generated. Run `node scripts/render-templates.mjs` in the
// mailer's folder.
import { rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

// The bundle is written beside node_modules, so that it finds the packages it leaves out.
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
