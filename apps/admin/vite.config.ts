import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { compressed } from './vite-compressed.ts'
import { preloadChunk } from './vite-preload-chunk.ts'

/** Copies the dashboard's persisted documents to a file that the gateway reads. */
const persistedDocuments: Plugin = {
  name: 'persisted-documents',
  generateBundle() {
    const source = readFileSync(new URL('src/generated/persisted-documents.json', import.meta.url), 'utf8')
    this.emitFile({ type: 'asset', fileName: 'persisted-documents.json', source })
  },
}

/** The gateway serves the build under `/admin/`. `vite` alone forwards `/graphql` to a running gateway. */
export default defineConfig({
  base: '/admin/',
  plugins: [react(), persistedDocuments, preloadChunk('sign-in-page.tsx'), compressed],
  resolve: { alias: { 'inter.woff2': fileURLToPath(import.meta.resolve('@emailauth/design/inter.woff2')) } },
  server: { proxy: { '/graphql': process.env.EMAILAUTH_URL ?? 'http://127.0.0.1:4000' } },
  build: {
    // The notices of the npm packages in the bundle, which their licences ask for.
    license: { fileName: 'THIRD-PARTY-LICENSES.md' },
    // The gateway's Content-Security-Policy forbids data: URLs of scripts, so every asset stays a file.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Libraries seldom change. As separate files they stay cached over a release.
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules\/(?:\.pnpm\/)?(?:react|react-dom|scheduler)[@/]/,
            },
            { name: 'router', test: /node_modules\/(?:\.pnpm\/)?react-router[@/]/ },
          ],
        },
      },
    },
  },
})
