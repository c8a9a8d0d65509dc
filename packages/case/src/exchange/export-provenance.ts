import { writeProvenance } from '@custody/exchange';
import { listLog } from '../list-log.ts';
import type { Case } from '../open-case.ts';
import { ExportDirectory } from './export-directory.ts';

export interface ProvenanceOptions {
  /** The folder to make. */
  readonly out: string;
  readonly reason?: string;
}

export interface MadeProvenance {
  readonly out: string;
  /** SHA-256 of the list of sums, as recorded in the log. */
  readonly sha256: string;
  /** Log size that it shows. */
  readonly size: number;
  readonly events: number;
}

/**
 * Writes every custody event so far as CASE/UCO and W3C PROV JSON-LD; recorded as a disclosure, which comes after it and is
 * not inside. Throws UsageError EXPORT_EXISTS, EXPORT_UNWRITABLE.
 */
export async function exportProvenance(opened: Case, options: ProvenanceOptions): Promise<MadeProvenance> {
  const directory = await ExportDirectory.create(options.out);
  const { ledger, state } = opened;
  const { size, origin } = ledger;
  try {
    const file = await directory.file('provenance.jsonld');
    const header = { origin, size, title: state.title, verifierKey: opened.verifierKeyText };
    const events = await writeProvenance(listLog(opened), header, file);
    await file.close();
    const sha256 = await directory.seal();
    const event = opened.draft('disclose', {
      ...(options.reason !== undefined && { reason: options.reason }),
      subject: new Map<string, string | number>([
        ['export', 'prov'],
        ['sha256', sha256],
        ['size', size],
      ]),
    });
    await opened.append([event]);
    await directory.release();
    return { out: options.out, sha256, size, events };
  } catch (error) {
    await directory.discard();
    throw error;
  }
}
