import { writeFileSync } from 'node:fs'
import { openApi } from './rest-shapes.ts'

// Run by `pnpm openapi`: writes the public contract that rest.test.ts holds the code against.
writeFileSync(new URL('../../openapi.json', import.meta.url), `${JSON.stringify(openApi(), null, 2)}\n`)
