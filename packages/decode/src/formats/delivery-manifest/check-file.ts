import type { Finding } from '@custody/evidence';
import { ContainerFailure } from '../../containers/container-failure.ts';
import type { CaptureFile, DecodeContext } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { CellHashes } from './cell-hashes.ts';
import { compareBlocks, compareRecords } from './compare-records.ts';
import { fileHash } from './file-hash.ts';
import { hashRecords } from './read-records.ts';
import type { StatedFile } from './stated-file.ts';

/** What came of holding one file against its manifest. Survives structured cloning. */
export interface FileVerdict {
  readonly file: string;
  /** Null where the manifest states none. */
  readonly rows: number | null;
  readonly rowsFound: number | null;
  /** Columns whose cells are as stated, of how many. */
  readonly columns: number | null;
  readonly columnsAgree: number | null;
  readonly sha256: string | null;
  readonly agrees: boolean;
  readonly findings: readonly Finding[];
}

const SHOWN = 20;

/** Holds a file against what the delivery states of it, and of `others`; null: the delivery has no such file. */
export async function checkFile(
  file: CaptureFile | null,
  stated: StatedFile,
  { scratch, others }: { scratch: DecodeContext['scratch']; others: ReadonlyMap<string, string> },
): Promise<FileVerdict> {
  const rows = stated.rows ?? null;
  const nothing = { file: file?.name ?? stated.file, rows, rowsFound: null, columns: null, columnsAgree: null };
  if (file === null) {
    const detail = 'the manifest lists this file, and the delivery does not have it';
    const gone = finding('REFERENCED_BUT_ABSENT', stated.file, { records: rows, detail, class: 'doubt' });
    return { ...nothing, sha256: null, agrees: false, findings: [gone] };
  }
  const findings: Finding[] = [];
  const sha256 = stated.sha256 === undefined ? null : fileHash(file.source);
  if (sha256 !== null && sha256 !== stated.sha256?.toLowerCase()) {
    const owner = others.get(sha256);
    const whose = owner === undefined ? '' : `: its bytes are those stated of ${owner}`;
    const detail = `the file has SHA-256 ${sha256}, the manifest states ${stated.sha256}${whose}`;
    findings.push(finding('CONFLICTING_COPIES', file.name, { records: null, detail }));
  }
  if (stated.container === undefined) return { ...nothing, sha256, agrees: findings.length === 0, findings };
  try {
    const hashes = await hashRecords(file, stated, scratch);
    const found = hashes.finish();
    const columns = columnFindings(file.name, { stated, hashes, found });
    findings.push(...columns, ...recordFindings(file.name, stated, hashes));
    const agreeing = (stated.columns ?? []).filter((column, i) => column.sha256.toLowerCase() === found[i]).length;
    return {
      ...{ file: file.name, rows, rowsFound: hashes.rows, columns: found.length, columnsAgree: agreeing },
      ...{ sha256, agrees: findings.length === 0, findings },
    };
  } catch (error) {
    if (!(error instanceof ContainerFailure)) throw error;
    const detail = `the file is not as the manifest describes it: ${error.message}`;
    findings.push(finding('CONFLICTING_COPIES', file.name, { records: rows, detail }));
    return { ...nothing, sha256, agrees: false, findings };
  }
}

function columnFindings(
  path: string,
  { stated, hashes, found }: { stated: StatedFile; hashes: CellHashes; found: readonly string[] },
): Finding[] {
  const out: Finding[] = [];
  const tell = (detail: string) => out.push(finding('CONFLICTING_COPIES', path, { records: null, detail }));
  for (const [i, { name, sha256 }] of (stated.columns ?? []).entries()) {
    if (sha256.toLowerCase() === found[i]) continue;
    const shown = JSON.stringify(name);
    if (hashes.present[i] === 0 && hashes.rows > 0) tell(`column ${shown} is in the manifest and not in the file`);
    else tell(`the cells of column ${shown} do not have the SHA-256 that the manifest states`);
  }
  if (stated.columns === undefined) return out;
  for (const [name, rows] of [...hashes.further].slice(0, SHOWN)) {
    tell(`column ${JSON.stringify(name)} is in ${rows} record(s) of the file and not in the manifest`);
  }
  return out;
}

function recordFindings(path: string, stated: StatedFile, hashes: CellHashes): Finding[] {
  const out: Finding[] = [];
  const tell = (rows: readonly number[], detail: string) => {
    if (rows.length === 0) return;
    const locator = { path, offset: null, length: null, row: rows[0] ?? null };
    out.push(
      finding('CONFLICTING_COPIES', locator, { records: rows.length, detail: detail.replace('$', shown(rows)) }),
    );
  };
  if (stated.rows !== undefined && stated.rows !== hashes.rows) {
    const detail = `the file has ${hashes.rows} record(s), the manifest states ${stated.rows}`;
    const records = Math.abs(stated.rows - hashes.rows);
    out.push(finding('CONFLICTING_COPIES', path, { records, detail }));
  }
  if (stated.records === undefined) return out;
  const { each, sha256 } = stated.records;
  if (each > 1) {
    const first = compareBlocks(sha256, hashes.records, each);
    if (first === null) return out;
    const detail = `records ${first.from} to ${first.to} are not as the manifest states, and ${first.blocks - 1} stretch(es) of ${each} behind them`;
    tell([first.from], detail);
    return out;
  }
  const { missing, added, doubled, moved } = compareRecords(sha256, hashes.records);
  tell(missing, 'record(s) $ of the manifest are not in the file as stated: taken out or changed');
  tell(added, 'record(s) $ of the file are not in the manifest: put in or changed');
  tell(doubled, 'record(s) $ stand in the file more often than the manifest states');
  tell(moved, 'record(s) $ stand at another place than the manifest states: exchanged or moved');
  return out;
}

function shown(rows: readonly number[]): string {
  const more = rows.length > SHOWN ? ` … (${rows.length} in all)` : '';
  return `${rows.slice(0, SHOWN).join(', ')}${more}`;
}
