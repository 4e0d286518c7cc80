/** What a reviewer should not have to look for. Formatting is prettier's. */
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      '.hedgerow/',
      'coverage/',
      'examples/*/src/gql/',
      '*.config.js',
      'test/setup/strip-types.js',
      'test/setup/longest-first.js',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The environment is read once, in src/cli/environment.ts.
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read it through src/cli/environment.ts and parseConfig.' },
      ],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Functions and plain objects: no method here looks at `this`.
      '@typescript-eslint/unbound-method': 'off',
      // `async` also stands for "gives a promise, and throws through it".
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/main.ts', 'src/cli/environment.ts', 'test/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // PostGraphile gives its plugins resources and codecs as `any`.
    files: ['src/graphql/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-argument': 'off', '@typescript-eslint/no-unsafe-member-access': 'off' },
  },
  {
    // libpg-query gives trees of PL/pgSQL without types.
    files: ['src/proof/lint/program.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    files: ['examples/*/src/main.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**'],
    rules: {
      'no-console': 'off',
      // Answers of the API are read deep into, by tests that know their shape.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
);
