import { readFileSync } from 'node:fs'
import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

/** The page's files are imported as text. The bundler uses an import attribute for that, Vite uses `?raw`. */
export default mergeConfig(shared, {
  plugins: [
    {
      name: 'text-imports',
      enforce: 'pre',
      transform: (code: string) =>
        code.replaceAll(/ from '([^']+)' with \{ type: 'text' \}/g, " from '$1?raw'"),
      load: (id: string) =>
        id.endsWith('.woff2')
          ? `export default Buffer.from('${readFileSync(id, 'base64')}', 'base64')`
          : null,
    },
  ],
  // Without this Vitest empties every style sheet.
  test: { css: true },
})
