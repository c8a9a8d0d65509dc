import type { Check, ReconcileLine, SeenFinding } from './reconcile-line.ts';

/** Findings that say that something is missing or disagrees. */
export class FindingCheck implements Check {
  readonly #lines: ReconcileLine[] = [];

  finding({ index, capture, finding }: SeenFinding): void {
    if (finding.class === 'note') return;
    const { code, records, locator, detail } = finding;
    this.#lines.push({
      ...{ check: 'finding', result: 'broken', capture, code },
      ...(locator !== null && { file: locator.path, row: locator.row }),
      ...{ records: records ?? 'unknown', finding: index, detail },
    });
  }

  lines(): Iterable<ReconcileLine> {
    return this.#lines;
  }
}
