/**
 * The sentence for a Node that is older than what the code uses, or undefined. Plain code: such a Node has to
 * be able to read it.
 * @param {string} version
 */
export function refusedNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < 20 || (major === 20 && minor < 19)
  return isOld ? `emailauth needs Node 20.19 or newer; this is ${version}.\n` : undefined
}
