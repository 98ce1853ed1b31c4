/**
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   numFailedTestSuites: number }} TestReport what Vitest's JSON reporter writes, as far as it is read here
 */

/** The counts in one plain line. A file that could not even be read counts as a failure. @param {TestReport} report */
export function summary(report) {
  return `${report.numPassedTests} passed, ${failures(report)} failed, ${skips(report)} skipped`
}

/** Whether all ran and all passed: on the build machine a skipped test is a failure too. @param {TestReport} report */
export function isComplete(report) {
  return failures(report) === 0 && skips(report) === 0 && report.numPassedTests > 0
}

/** @param {TestReport} report */
function failures(report) {
  return report.numFailedTests > 0 ? report.numFailedTests : report.numFailedTestSuites
}

/** @param {TestReport} report */
function skips(report) {
  return report.numPendingTests + report.numTodoTests
}
