import { writeFileSync } from 'node:fs'
import { openApi } from './rest-shapes.ts'

// `pnpm openapi` runs it in the gateway's folder. It writes the public contract that
// rest.test.ts holds the code against.
writeFileSync('openapi.json', `${JSON.stringify(openApi(), null, 2)}\n`)
