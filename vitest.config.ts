import { defineConfig } from 'vitest/config';

const source = [
  'contract/src',
  'libvirt/src',
  'host-service/src',
  'src-main',
  'src-renderer',
  'scripts',
  'tests',
  'bench',
];

/**
 * Three tiers by suffix: `*.test.ts` needs no I/O, `*.integration.test.ts` needs a real libvirtd, QEMU and
 * PostgreSQL, `tests/e2e` needs Electron and runs under Playwright. No tier retries. `*.cloud.test.ts` boots a
 * distribution's system, which takes minutes without KVM: `npm run test:cloud`, not a part of `npm test`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: source.map((folder) => `${folder}/**/*.test.{ts,tsx}`),
          exclude: ['**/*.{integration,cloud}.test.ts', '**/node_modules/**', 'tests/e2e/**'],
        },
      },
      {
        test: {
          name: 'integration',
          include: source.map((folder) => `${folder}/**/*.integration.test.ts`),
          exclude: ['**/node_modules/**', 'tests/e2e/**'],
          globalSetup: ['tests/fixtures/integration-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'cloud',
          include: source.map((folder) => `${folder}/**/*.cloud.test.ts`),
          exclude: ['**/node_modules/**'],
          globalSetup: ['tests/fixtures/integration-setup.ts'],
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
