import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const COMPRESSIBLE = /\.(?:js|css|html|svg|json)$/
/** A smaller file would save no packet. */
const LEAST_BYTES = 1024

/** Writes a brotli and a gzip form of every text file at build time, so that serving needs no compression. */
export const compressed: Plugin = {
  name: 'compressed',
  writeBundle({ dir }) {
    if (dir === undefined) return
    for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || !COMPRESSIBLE.test(path)) continue
      const text = readFileSync(path)
      if (text.length < LEAST_BYTES) continue
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length }
      writeFileSync(`${path}.br`, brotliCompressSync(text, { params }))
      writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }))
    }
  },
}
