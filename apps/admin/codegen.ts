import type { CodegenConfig } from '@graphql-codegen/cli'
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset'

/** Turns the `.graphql` documents beside the features into typed documents, checked against the gateway's contract. */
const config: CodegenConfig = {
  schema: '../gateway/schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    'src/generated/': {
      preset: 'client',
      // Apollo's cache would add these names itself, and the digests would be those of other documents.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      // The gateway knows the documents by these digests, so the dashboard need not send them.
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: { useTypeImports: true, enumsAsTypes: true, scalars: { DateTime: 'string' } },
    },
  },
}
export default config
