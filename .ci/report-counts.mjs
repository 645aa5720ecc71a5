/**
 * Counts the tests of a report that vitest has written as JSON; a file that failed before its first test counts as one failure.
 * @returns passed (expected failures too), failed, skipped
 */
export function countsOf(report) {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
