// Replaces @apollo/utils.createhash in bundles. There it would not detect Node, and hash in JavaScript on
// every request.
export { createHash } from 'node:crypto'
