// Writes the licences of the npm packages in a bundle. Nearly all of them ask that their notice goes along
// with every copy, and a bundle is one.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** In `dist`, so that it is in the packages for npm and in the images. */
export const LICENCES_FILE = 'dist/THIRD-PARTY-LICENSES.txt'
const NOTICES = /^(licen[cs]e|copying|notice)/i
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/

/**
 * @param folder the app's or package's folder
 * @param outputs of all its bundles, as the metafiles of esbuild have them
 * @returns the files that it wrote, relative to the folder: none without npm packages
 */
export function writeLicences(folder, outputs) {
  const packages = [...bundledPackages(folder, outputs)].map(readPackage)
  if (packages.length === 0) return []
  // pnpm may have the same version twice, for other peers.
  const texts = new Map(packages.map(({ title, text }) => [title, text]))
  const sorted = [...texts].sort(([one], [other]) => (one < other ? -1 : 1))
  const sections = sorted.map(([title, text]) => `${title}\n\n${text}\n`)
  writeFileSync(join(folder, LICENCES_FILE), sections.join(`\n${'-'.repeat(80)}\n\n`))
  return [LICENCES_FILE]
}

/** The folders of packages of which at least one byte is in a bundle. */
function bundledPackages(folder, outputs) {
  const folders = new Set()
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const [found] = bytesInOutput > 0 ? (PACKAGE.exec(join(folder, path)) ?? []) : []
      if (found !== undefined) folders.add(found)
    }
  }
  return folders
}

function readPackage(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const notices = readdirSync(folder).filter((file) => NOTICES.test(file))
  const texts = notices.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim())
  // Without a text of its own, a package has only these two fields.
  const by = typeof author === 'object' ? author.name : author
  const text = texts.length > 0 ? texts.join('\n\n') : `License: ${license}. Author: ${by ?? 'not named'}.`
  return { title: `${name} ${version} (${license})`, text }
}
