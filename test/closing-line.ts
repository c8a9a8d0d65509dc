// Prints what a test run came to, alone on its line, and exits 0 only when all of it is well.
// node test/closing-line.ts VITEST-REPORT.json VITEST-EXIT-CODE [FAILED-CHECK]...
import { readFileSync } from 'node:fs';

interface FileResult {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const [reportPath = '', exitCode = '1', ...failedChecks] = process.argv.slice(2);

function readResults(path: string): readonly FileResult[] {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { testResults: FileResult[] }).testResults;
  } catch {
    return [];
  }
}

/** A file that broke before any of its tests ran is one failure. */
function count(results: readonly FileResult[]): Counts {
  const statuses = results.flatMap((file) => file.assertionResults.map(({ status }) => status));
  const failedTests = statuses.filter((status) => status === 'failed').length;
  const broken = results.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const passed = statuses.filter((status) => status === 'passed').length;
  const failed = failedTests + broken.length;
  return { passed, failed, skipped: statuses.length - passed - failedTests };
}

const { passed, failed, skipped } = count(readResults(reportPath));
const vitestFailed = exitCode !== '0';
if (failedChecks.length > 0) console.log(`failed besides the tests: ${failedChecks.join(', ')}`);
// An error outside any test (an unhandled rejection, a crash of the runner) fails the run too.
const total = failed + failedChecks.length + (vitestFailed && failed === 0 ? 1 : 0);
console.log(`${passed} passed, ${total} failed, ${skipped} skipped`);
process.exitCode = total === 0 ? 0 : 1;
