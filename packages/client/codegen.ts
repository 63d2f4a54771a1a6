import type { CodegenConfig } from '@graphql-codegen/cli'

/**
 * Generates typed documents from the `.graphql` files beside the features, checked against the gateway's
 * schema. `operations.ts`: inputs, enums, variables. `objects.ts`: reply types with descriptions.
 * `documents.ts`: the documents.
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
