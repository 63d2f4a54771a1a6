import { writeFileSync } from 'node:fs'
import { printGatewaySchema } from './schema.ts'

// Run by `pnpm schema`: writes the public contract that the drift test holds the code against.
writeFileSync(new URL('../schema.graphql', import.meta.url), printGatewaySchema())
