import { readFileSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'
import { compressed } from './vite-compressed.ts'

/** Leaves the dashboard's documents beside its files, where the gateway reads them. */
const persistedDocuments: Plugin = {
  name: 'persisted-documents',
  generateBundle() {
    const source = readFileSync(new URL('src/generated/persisted-documents.json', import.meta.url), 'utf8')
    this.emitFile({ type: 'asset', fileName: 'persisted-documents.json', source })
  },
}

/** The gateway serves the result under `/admin/`; `vite` alone passes `/graphql` on to a gateway that runs already. */
export default defineConfig({
  base: '/admin/',
  plugins: [react(), persistedDocuments, compressed],
  // RxJS, under Apollo Client, has a modern build behind this condition; the default one is for ES5.
  resolve: { conditions: ['es2015', ...defaultClientConditions] },
  server: { proxy: { '/graphql': process.env.EMAILAUTH_URL ?? 'http://127.0.0.1:4000' } },
  build: {
    // The gateway's Content-Security-Policy allows no data: scripts, so every asset stays a file.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Libraries change seldom: as files of their own they stay in the browser's cache over a release.
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules\/(?:\.pnpm\/)?(?:react|react-dom|scheduler|react-router)[@/]/,
            },
            {
              name: 'graphql',
              test: /node_modules\/(?:\.pnpm\/)?(?:@apollo|graphql|rxjs|@wry|optimism)[@+/]/,
            },
          ],
        },
      },
    },
  },
})
