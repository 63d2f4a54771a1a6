#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { refusedNode } from './refused-node.js'

const built = new URL('../dist/main.js', import.meta.url)
const refused =
  refusedNode(process.versions.node) ??
  (existsSync(built)
    ? undefined
    : 'emailauth is not built yet: run "npm start" (or "npm run build") in the repository first.\n')
if (refused === undefined) {
  await import(built.href)
} else {
  process.stderr.write(refused)
  process.exitCode = 1
}
