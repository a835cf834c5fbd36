import js from '@eslint/js';
import jest from 'eslint-plugin-jest';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The world: what only src/edges (and the entries, for wiring) may touch. */
const WORLD = [
  {
    regex: '^node:(?!crypto$|path/posix$|util$)',
    message: 'core does not touch the world: ask for it in ports.ts',
  },
  { group: ['@actions/*'], message: 'only src/edges may use the toolkit' },
];
const EDGES = {
  group: ['**/edges/**'],
  message: 'core does not know its edges: they implement ports.ts',
};
const CORE_GLOBALS = ['process', 'console', 'setTimeout', 'setInterval', 'fetch', 'Buffer'];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '**/node_modules/']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: `${import.meta.dirname}/..` },
    },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', setTimeout: 'readonly' },
    },
  },
  {
    files: ['src/**'],
    ignores: [
      'src/edges/**',
      'src/bundle.ts',
      'src/phase.ts',
      'src/main.ts',
      'src/post.ts',
      'src/cli.ts',
      'src/cache.ts',
    ],
    rules: {
      'no-restricted-imports': ['error', { patterns: [...WORLD, EDGES] }],
      'no-restricted-globals': ['error', ...CORE_GLOBALS],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'ask the clock port' },
        { object: 'Math', property: 'random', message: 'ask the randomness port' },
      ],
    },
  },
  {
    files: ['__tests__/**'],
    extends: [jest.configs['flat/recommended']],
    rules: { 'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*'] }] },
  },
);
