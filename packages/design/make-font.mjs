// Writes dist/inter.woff2: the part of Inter that the dashboard and the inbox use, about half of the file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import subsetFont from 'subset-font'

const SOURCE = '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'
const WEIGHTS = { min: 400, max: 700 }
/** Kerning and tabular figures. */
const FEATURES = ['kern', 'tnum']

const range = (from, to) =>
  String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, at) => from + at))
/** Signs of Latin-1 that nobody writes in a name or a text of the pages. */
const RARE = /[¤¦¨¬¯²³´¶¸¹¼½¾]/g
/** The letters and signs of Latin-1 and the pages' own signs. Others use the system's font. */
const TEXT = `${range(0x20, 0x7e)}${range(0xa0, 0xff).replace(RARE, '')}–—‘’“”…•·→←↑↓−×€`

const source = readFileSync(createRequire(import.meta.url).resolve(SOURCE))
const font = await subsetFont(source, TEXT, {
  targetFormat: 'woff2',
  variationAxes: { wght: WEIGHTS },
  keepFeatures: FEATURES,
})
const folder = fileURLToPath(new URL('dist/', import.meta.url))
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}inter.woff2`, font)
