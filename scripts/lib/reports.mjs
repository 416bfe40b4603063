import { readFile } from 'node:fs/promises';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {string} file vitest's JSON report.
 * @returns {Promise<Counts>} nothing counted when the runner did not come so far as to write one.
 */
export async function vitestCounts(file) {
  const report = await readReport(file);
  if (report === undefined) return { passed: 0, failed: 0, skipped: 0 };
  // A file that cannot be loaded has no tests of its own, but is a failure.
  const broken = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ suite) =>
      suite.status === 'failed' && suite.assertionResults.length === 0,
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * @param {string} file Playwright's JSON report.
 * @returns {Promise<Counts>}
 */
export async function playwrightCounts(file) {
  const report = await readReport(file);
  if (report === undefined) return { passed: 0, failed: 0, skipped: 0 };
  // A flaky test passed only when it was tried again; we do not try again, so it is a failure.
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

/**
 * @param {string} file
 * @returns {Promise<any>}
 */
async function readReport(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
