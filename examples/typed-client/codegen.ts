/** From the schema and the operations in src/ to their types in src/gql/: `npm run codegen`. */
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  // The file, or the address of a server that describes itself: http://127.0.0.1:4000/graphql, with a token in `headers`.
  schema: '../../schema.graphql',
  documents: ['src/**/*.ts', '!src/gql/**'],
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        // persisted-documents.json, for servers that accept trusted documents only.
        persistedDocuments: true,
      },
      config: {
        scalars: { UUID: 'string', Datetime: 'string', Cursor: 'string', JSON: 'unknown' },
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
        importExtension: '.ts',
      },
    },
  },
};

export default config;
