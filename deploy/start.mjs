// Starts one service of the image: `start.mjs gateway`, `persistence` or `mailer`,
// or all three in one process: `serve`.
import { writeFileSync } from 'node:fs'

const SERVICES = ['gateway', 'persistence', 'mailer', 'serve']
const [service = ''] = process.argv.slice(2)
if (!SERVICES.includes(service)) {
  process.stderr.write(`Say which service to start: ${SERVICES.join(', ')}.\n`)
  process.exit(64)
}
// The health check of the image runs as a process of its own and must know what to ask.
try {
  writeFileSync('/tmp/emailauth-service', service)
} catch {
  // A read-only root without /tmp: orchestrators ask /readyz by themselves.
}
await import(new URL(`./apps/${service}/dist/main.js`, import.meta.url).href)
