import type { CodegenConfig } from '@graphql-codegen/cli'

/** Turns the `.graphql` documents beside the features into typed documents, checked against the gateway's contract. */
const config: CodegenConfig = {
  schema: '../gateway/schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    'src/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { useTypeImports: true, enumsAsTypes: true, scalars: { DateTime: 'string' } },
    },
  },
}
export default config
