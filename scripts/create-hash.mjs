// Stands in for @apollo/utils.createhash in bundles: there it finds no Node and falls back to SHA-2 in JavaScript, on every request.
export { createHash } from 'node:crypto'
