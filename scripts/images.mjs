// Builds the container images without a Docker engine and starts them, as root on Debian:
//   node scripts/images.mjs             base by debootstrap, everything built inside the image
//   node scripts/images.mjs --prebuilt  takes the dist folders of this clone, in a minute
//   node scripts/images.mjs --prebuilt --one  builds the image `all` alone, and starts each service from it
// Exit code 2 when a program is missing, with its name.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildImages, openStorage, TARGETS } from './images/build.mjs'
import { checkSystem } from './images/check.mjs'
import { missingPrograms } from './images/programs.mjs'

const isPrebuilt = process.argv.includes('--prebuilt')
const targets = process.argv.includes('--one') ? ['all'] : Object.keys(TARGETS)
const missing = missingPrograms(isPrebuilt)
if (missing.length > 0) {
  process.stderr.write(`Not built: ${missing.join(', ')} missing.\n`)
  process.exit(2)
}
const folder = mkdtempSync(join(tmpdir(), 'emailauth-images-'))
const { buildah, remove } = openStorage(folder)
try {
  await checkSystem(buildImages({ folder, buildah, isPrebuilt, targets }))
} finally {
  remove()
  rmSync(folder, { recursive: true, force: true })
}
