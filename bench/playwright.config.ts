import { defineConfig } from '@playwright/test';

/** Benchmarks reuse the end-to-end tests' fixtures and Electron; they are never part of `npm test`. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: '../.cache/bench',
  workers: 1,
  retries: 0,
  timeout: 15 * 60_000,
  reporter: 'list',
});
