import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const SRC = 'src/**/*.{ts,tsx}';
const TESTS = ['src/**/*.test.{ts,tsx}', 'tests/**/*.ts'];

/** Rooms of the front end, and what each must not reach for. */
const may = (room, forbidden) => ({
  files: [`src/${room}/**/*.{ts,tsx}`],
  ignores: TESTS,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: forbidden.map((other) => ({
          group: [`**/${other}/**`, `../${other}`],
          message: `${room} does not know ${other}.`,
        })),
        paths:
          room === 'views' || room === 'components'
            ? []
            : [{ name: 'preact', message: 'Only views and components render.' }],
      },
    ],
  },
});

const browserOnly = [
  'window',
  'document',
  'self',
  'navigator',
  'indexedDB',
  'fetch',
  'localStorage',
  'caches',
  'location',
];

export default tseslint.config(
  { ignores: ['node_modules', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  {
    files: [SRC, 'tests/**/*.ts', 'vite.config.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.app.json', './tsconfig.sw.json', './tsconfig.tools.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  may('shared', ['api', 'db', 'stores', 'sw', 'views', 'components']),
  may('api', ['db', 'stores', 'sw', 'views', 'components']),
  may('db', ['stores', 'sw', 'views', 'components']),
  may('sw', ['stores', 'views', 'components']),
  may('stores', ['sw', 'views', 'components']),
  may('components', ['api', 'db', 'stores', 'sw', 'views']),
  may('views', ['api', 'db', 'sw']),
  {
    files: ['src/shared/**/*.ts'],
    ignores: TESTS,
    rules: { 'no-restricted-globals': ['error', ...browserOnly] },
  },
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/no-base-to-string': 'off', // a stand-in for fetch knows that its callers pass text
      '@typescript-eslint/unbound-method': 'off', // spies are told apart by the method they replaced
    },
  },
  { files: ['scripts/*.mjs'], languageOptions: { globals: { console: 'readonly', process: 'readonly' } } },
);
