import { writeFileSync } from 'node:fs'
import { printGatewaySchema } from './schema.ts'

// `pnpm schema` runs it in the gateway's folder. It writes the public contract that
// the drift test holds the code against.
writeFileSync('schema.graphql', printGatewaySchema())
