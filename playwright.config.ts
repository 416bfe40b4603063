import { defineConfig } from '@playwright/test';

/**
 * The end-to-end tier: a real Electron, host service, libvirtd and guest. One worker, because the two cores it is
 * meant for are busy with the guest; no retries, because a flake is a fault.
 */
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
});
