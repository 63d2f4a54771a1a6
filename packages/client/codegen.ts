import type { CodegenConfig } from '@graphql-codegen/cli'

/**
 * Turns the `.graphql` documents beside the features into typed documents, checked against the gateway's contract.
 * `operations.ts`: inputs, enums, variables. `objects.ts`: what is answered, with its descriptions. `documents.ts`: what is sent.
 */
const config: CodegenConfig = {
  schema: '../../apps/gateway/schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    'src/generated/operations.ts': {
      plugins: ['typescript-operations'],
      config: {
        enumsAsTypes: true,
        immutableTypes: true,
        skipTypename: true,
        useTypeImports: true,
        scalars: { ID: 'string', DateTime: 'string' },
      },
    },
    'src/generated/objects.ts': { plugins: ['./codegen/objects.mjs'] },
    'src/generated/documents.ts': { plugins: ['./codegen/documents.mjs'] },
  },
}
export default config
