/**
 * The sentence for a Node that emailauth does not run on, or undefined: what `engines` of package.json says.
 * Plain code: a Node that is older than what the code uses has to be able to read it.
 * @param {string} version
 */
export function refusedNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
  return fits
    ? undefined
    : `emailauth needs Node 24 or newer (or 20.19, 22.12 or later of their lines); this is ${version}.\n`
}
