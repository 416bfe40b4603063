import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playwrightCounts, vitestCounts } from './reports.mjs';

describe('counting tests over runners', () => {
  let folder: string;
  const report = (content: object): string => {
    const file = join(folder, 'report.json');
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'limen-reports-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('counts a test file that cannot be loaded as a failure', async () => {
    const file = report({
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [] },
        { status: 'failed', assertionResults: [{ status: 'failed' }] },
      ],
    });
    expect(await vitestCounts(file)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  it('counts a flaky test and an error outside of tests as failures', async () => {
    const file = report({ stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] });
    expect(await playwrightCounts(file)).toEqual({ passed: 5, failed: 3, skipped: 2 });
  });

  it('counts nothing where a runner left no report', async () => {
    expect(await vitestCounts(join(folder, 'none.json'))).toEqual({ passed: 0, failed: 0, skipped: 0 });
    expect(await playwrightCounts(join(folder, 'none.json'))).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});
