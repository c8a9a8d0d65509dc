import { ContainerFailure } from '../../containers/container-failure.ts';
import { readContainer, type StoredContainer } from '../../containers/read-container.ts';
import { type RecordPlace, RecordStore } from '../../containers/record-store.ts';
import type { CaptureFile, DecodeContext } from '../../format.ts';
import { fixedSample } from '../../profile/draft-fixed.ts';
import { draftOf, draftProfile, type ProfileDraft } from '../../profile/draft-profile.ts';
import { DRAFT_ROWS, jsonSample } from '../../profile/draft-sample.ts';
import { openSqlite } from '../../sqlite/index.ts';

const HEAD = 1024 * 1024;
const LONGEST_JSON = 64 * 1024 * 1024;
const MOST_CANDIDATES = 50;
const DEEPEST = 4;

/** What a draft has found a place for: the more, the likelier that its container is the one with the messages. */
const ROLES = ['sender', 'recipients', 'sentAt', 'body', 'messageId', 'conversation'] as const;

class Enough extends Error {}

/** Keeps the first records as JSON, then ends the reading. */
class SampleStore extends RecordStore {
  readonly lines: string[] = [];
  problems = 0;

  constructor(path: string) {
    super({ length: 0, append: () => {}, finish: () => ({ id: '', length: 0 }), discard: () => {} }, path);
  }

  override add(json: Uint8Array, _place: RecordPlace, _raw: Uint8Array | null): void {
    this.lines.push(Buffer.from(json).toString());
    if (this.lines.length >= DRAFT_ROWS) throw new Enough();
  }

  override problem(_why: string, _place: RecordPlace): void {
    if (++this.problems >= DRAFT_ROWS) throw new Enough();
  }

  override flush(): void {}
}

/**
 * Drafts a profile of a dump in any container: of several tables, elements or arrays the one whose fields say most.
 * Null where nothing in it looks like records: `onFailure` hears why it is not what its first bytes say.
 */
export async function draftFile(
  file: CaptureFile,
  scratch: DecodeContext['scratch'],
  onFailure: (why: string) => void = () => {},
): Promise<ProfileDraft | null> {
  const head = Buffer.from(file.source.read(0, HEAD));
  let best: { draft: ProfileDraft; score: number } | null = null;
  for (const container of candidates(file, head).slice(0, MOST_CANDIDATES)) {
    const lines = await firstRecords(file, container, { scratch, onFailure });
    const sample = lines.length === 0 ? null : jsonSample(lines, container);
    if (sample === null) continue;
    const draft = draftOf(file.name, sample);
    const score = scoreOf(draft);
    if (best === null || score > best.score) best = { draft, score };
  }
  const fixed = () => {
    const sample = fixedSample(head);
    return sample === null ? null : draftOf(file.name, sample);
  };
  return best?.draft ?? draftProfile(file.name, head) ?? fixed();
}

function scoreOf({ records: [record] }: ProfileDraft): number {
  return ROLES.filter((role) => record?.[role] !== undefined).length;
}

async function firstRecords(
  file: CaptureFile,
  container: StoredContainer,
  { scratch, onFailure }: { scratch: DecodeContext['scratch']; onFailure: (why: string) => void },
): Promise<readonly string[]> {
  const store = new SampleStore(file.name);
  try {
    await readContainer(file, container, { store, scratch });
  } catch (error) {
    if (error instanceof ContainerFailure) onFailure(error.message);
    else if (!(error instanceof Enough)) throw error;
  }
  // Values of other kinds between maps: the bytes are of something else.
  return store.problems > store.lines.length ? [] : store.lines;
}

/** Containers that the first bytes speak for; none for lines of JSON and tables of text. */
function candidates(file: CaptureFile, head: Buffer): StoredContainer[] {
  if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) return [{ kind: 'xlsx' }];
  if (head.subarray(0, 15).toString('latin1') === 'SQLite format 3') {
    return tablesOf(file).map((table) => ({ kind: 'sqlite', table }));
  }
  if (isBinaryMap(head)) return [{ kind: 'msgpack' }, { kind: 'cbor' }];
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  const start = text.trimStart();
  if (start.startsWith('<')) return elementsOf(text).map((record) => ({ kind: 'xml', record }));
  if (start.startsWith('[') || start.startsWith('{')) return arraysOf(file, start);
  const tables = [
    ...text.matchAll(/^\s*(?:COPY|INSERT\s+INTO|REPLACE\s+INTO)\s+(?:[`"]?[\w$]+[`"]?\.)?[`"]?([\w$]+)/gim),
  ];
  const names = new Set(tables.map(([, name = '']) => name.toLowerCase()));
  return [...names].map((table) => ({ kind: 'sql', table }));
}

/**
 * A first byte of a map or list in MessagePack or CBOR, or of CBOR's own mark (d9d9f7): none begins a text in UTF-8 (RFC 3629
 * section 4), and the marks of UTF-16 are others.
 */
function isBinaryMap(head: Buffer): boolean {
  const first = head[0] ?? 0;
  const isMap = (first >= 0x80 && first <= 0xbf) || (first >= 0xdc && first <= 0xdf);
  return isMap || head.subarray(0, 3).toString('hex') === 'd9d9f7';
}

function tablesOf(file: CaptureFile): string[] {
  try {
    return openSqlite(file.source, { path: file.name, wal: null }).tables.map(({ name }) => name);
  } catch {
    // Damaged, or no database in spite of its first bytes.
    return [];
  }
}

/** Names of elements that stand more than once, without the prefixes of their namespaces. */
function elementsOf(text: string): string[] {
  const counts = new Map<string, number>();
  for (const [, name = ''] of text.matchAll(/<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)/g))
    counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([name]) => name);
}

/** Ways to arrays of objects in one JSON text; none for lines of JSON. */
function arraysOf({ source }: CaptureFile, start: string): StoredContainer[] {
  if (start.startsWith('[')) return [{ kind: 'json' }];
  if (source.length > LONGEST_JSON) return [];
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(source.read(0, source.length)).toString());
  } catch {
    return [];
  }
  const out: StoredContainer[] = [];
  const walk = (one: unknown, path: readonly string[]): void => {
    if (typeof one !== 'object' || one === null || path.length > DEEPEST) return;
    if (!Array.isArray(one)) for (const [name, inner] of Object.entries(one)) walk(inner, [...path, name]);
    else if (typeof one[0] === 'object' && path.length > 0) out.push({ kind: 'json', records: path });
  };
  walk(value, []);
  return out;
}
