import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The gateway serves the page at `/graphql`, and its files under `/graphiql/`. */
export default defineConfig({
  base: '/graphiql/',
  plugins: [react()],
  worker: { format: 'es' },
  server: { proxy: { '/graphql': process.env.EMAILAUTH_URL ?? 'http://127.0.0.1:4000' } },
  build: {
    // The page's Content-Security-Policy allows no data: scripts, so every asset stays a file.
    assetsInlineLimit: 0,
    // Monaco, the editor, is this large. Only developers load it, from their own machine.
    chunkSizeWarningLimit: 8000,
    reportCompressedSize: false,
    rolldownOptions: {
      onwarn(warning, warn) {
        // "use no memo" is for React's compiler, which does not run here.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
      },
    },
  },
})
