import type { BatchWriter } from '@custody/evidence';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, UnitResult } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { checkFile, type FileVerdict } from './check-file.ts';
import { looksLikeChecksums, readChecksums } from './checksum-list.ts';
import { looksLikeManifest, readManifestFile } from './stated-file.ts';
import { unlistedFiles } from './unlisted-files.ts';

/** What a delivery states of its own files, held against them. */
export const deliveryManifest: Format = {
  name: 'delivery-manifest',
  title: 'Lists of what a delivery holds: sha256sum, BagIt, manifest.json with rows, columns and records',
  version: '1',
  versions: 'sha256sum and BagIt (SHA-256 only); manifest.json with "custodyManifest": 1 (our own)',
  keyMaterial: 'none',
  authentication:
    'none: whoever changes a file can change the list beside it; a list that came another way is worth more',
  notCovered: 'lists with MD5 or SHA-1; signatures over a list',
  portable: true,
  detect,
  prepare,
  open: ({ state }) => ({
    decode: (_unit, out) => decode((state as State).verdicts, (state as State).path, out),
    close: () => {},
  }),
};

interface State {
  readonly path: string;
  readonly verdicts: readonly FileVerdict[];
}

function detect({ head, beside }: Probe): Claim | null {
  if (looksLikeManifest(head)) return { confidence: 'certain', grounds: 'begins as a manifest of a delivery' };
  if (beside === undefined || !looksLikeChecksums(head)) return null;
  return { confidence: 'certain', grounds: 'every line is a SHA-256 and the path of a file' };
}

async function prepare(file: CaptureFile, { scratch }: DecodeContext): Promise<Plan> {
  const none = { keyIds: [], profile: null };
  const stated = looksLikeManifest(file.source.read(0, 256))
    ? readManifestFile(file.source)
    : readChecksums(file.source);
  if (typeof stated === 'string') {
    const place = { path: file.name, offset: 0, length: file.source.length, row: null };
    const unread = finding('RECORD_MALFORMED', place, { records: null, detail: `the manifest is not read: ${stated}` });
    return { units: [], state: null, findings: [unread], ...none };
  }
  const verdicts: FileVerdict[] = [];
  const others = new Map(stated.flatMap(({ file: name, sha256 }) => (sha256 ? [[sha256.toLowerCase(), name]] : [])));
  for (const one of stated) verdicts.push(await checkFile(named(file, one.file), one, { scratch, others }));
  const findings = [...verdicts.flatMap((verdict) => verdict.findings), ...unlistedFiles(file, stated)];
  const state: State = { path: file.name, verdicts: verdicts.map((verdict) => ({ ...verdict, findings: [] })) };
  return { units: [{ index: 0, records: verdicts.length, state: null }], state, findings, ...none };
}

/** The file that the manifest means: beside it, or at that path from the top. */
function named(manifest: CaptureFile, path: string): CaptureFile | null {
  const parent = manifest.name.slice(0, manifest.name.lastIndexOf('/') + 1);
  const near = manifest.beside?.(path) ?? null;
  if (near !== null) return { name: parent + path, source: near };
  const far = manifest.folder?.open(path) ?? null;
  return far === null ? null : { name: path, source: far };
}

function decode(verdicts: readonly FileVerdict[], path: string, out: BatchWriter): UnitResult {
  for (const [i, verdict] of verdicts.entries()) {
    out.begin('note', 'delivery', null);
    out.locator({ path, offset: null, length: null, row: i + 1 });
    out.field('table', 'delivery-manifest');
    out.field('file', verdict.file);
    for (const name of ['rows', 'rowsFound', 'columns', 'columnsAgree', 'sha256'] as const) {
      if (verdict[name] !== null) out.field(name, verdict[name]);
    }
    out.field('agrees', verdict.agrees);
    out.end();
  }
  const { length } = verdicts;
  return { counts: { records: length, decoded: length, lost: 0, notCovered: 0 }, summary: null };
}
