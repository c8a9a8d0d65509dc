import { withFittingSums, type ZipMember } from './plain-zip.ts';

interface Draft {
  leaves: DraftLeaf[];
  segments: { bytes: string; proof: string[] }[];
  size: number;
  checkpoint: string;
  readonly case: { origin: string; title: string };
  readonly completeness: { shown: number; outOfScope: number };
  readonly tool: { build: string };
}

interface DraftLeaf {
  index: number;
  position: number;
  kind: number;
  path: string[];
  fields: { salt?: string; value?: string | null; pieces?: unknown[] }[];
}

export type Change = (all: ZipMember[]) => ZipMember[];

export const replace =
  (name: string, bytes: (old: Buffer) => Uint8Array): Change =>
  (all) =>
    all.map((one) => (one.name === `data/${name}` ? { name: one.name, bytes: bytes(Buffer.from(one.bytes)) } : one));
export const edit = (change: (document: Draft) => void): Change =>
  replace('exhibit.json', (old) => {
    const document = JSON.parse(old.toString()) as Draft;
    change(document);
    return Buffer.from(`${JSON.stringify(document, null, 1)}\n`);
  });
const fitting =
  (change: Change): Change =>
  (all) =>
    withFittingSums(change(all));
const flip = (old: Buffer) => {
  const out = Buffer.from(old);
  out[out.length >> 1] = (out[out.length >> 1] ?? 0) ^ 1;
  return out;
};
const leaf = (document: Draft, at = 0) => document.leaves[at] as DraftLeaf;

const rawOf = (all: readonly ZipMember[]) => all.find(({ name }) => name.startsWith('data/raw/'))?.name ?? '';
const flipRaw: Change = (all) => replace(rawOf(all).slice('data/'.length), flip)(all);

/** Ways to change an exhibit, by what is changed. */
export const exhibitChanges: Readonly<Record<string, Change>> = {
  'a byte of the page': replace('exhibit.html', flip),
  'a byte of the page, sums to fit': fitting(replace('exhibit.html', flip)),
  'a byte of the document': replace('exhibit.json', flip),
  'a value of an item': fitting(
    edit((document) => {
      const field = leaf(document).fields[9] as DraftLeaf['fields'][number];
      if (typeof field.value === 'string') field.value = Buffer.from('Yes, I did it').toString('hex');
      else field.pieces = [{ salt: '00'.repeat(16), value: '00' }];
    }),
  ),
  'a salt': fitting(
    edit((document) => {
      const field = leaf(document).fields[1] as DraftLeaf['fields'][number];
      field.salt = 'ff'.repeat(16);
    }),
  ),
  'the fields of two items swapped': fitting(
    edit((document) => {
      const [a, b] = [leaf(document), leaf(document, 1)];
      [a.fields, b.fields] = [b.fields, a.fields];
    }),
  ),
  'the number of an item': fitting(
    edit((document) => {
      leaf(document).index++;
    }),
  ),
  'the position of an item': fitting(
    edit((document) => {
      leaf(document).position++;
    }),
  ),
  'a finding made of an item': fitting(
    edit((document) => {
      leaf(document).kind = 2;
    }),
  ),
  'an item twice': fitting(
    edit((document) => {
      document.leaves.push(leaf(document));
      document.completeness.shown++;
    }),
  ),
  'an item left out, its count kept': fitting(
    edit((document) => {
      document.leaves.shift();
    }),
  ),
  'a proof cut short': fitting(
    edit((document) => {
      leaf(document).path.pop();
    }),
  ),
  'the proof of another item': fitting(
    edit((document) => {
      const [a, b] = [leaf(document), leaf(document, 1)];
      a.path = b.path;
    }),
  ),
  'the proof of a segment': fitting(
    edit((document) => {
      document.segments[0]?.proof.push('A'.repeat(43).concat('='));
    }),
  ),
  'the entry of a segment': fitting(
    edit((document) => {
      const segment = document.segments[0] as Draft['segments'][number];
      segment.bytes = flip(Buffer.from(String(segment.bytes), 'base64')).toString('base64');
    }),
  ),
  'no segments': fitting(
    edit((document) => {
      document.segments = [];
    }),
  ),
  'the size of the log': fitting(
    edit((document) => {
      document.size++;
    }),
  ),
  'the root in the checkpoint': fitting(
    edit((document) => {
      const lines = String(document.checkpoint).split('\n');
      lines[2] = Buffer.alloc(32, 1).toString('base64');
      document.checkpoint = lines.join('\n');
    }),
  ),
  'the signature of the checkpoint': fitting(
    edit((document) => {
      document.checkpoint = String(document.checkpoint).replace(/.{6}\n$/, 'AAAA==\n');
    }),
  ),
  'the checkpoint beside the document': fitting(replace('checkpoint', flip)),
  'the origin of the case': fitting(
    edit((document) => {
      document.case.origin = 'other.example/1';
    }),
  ),
  'the title of the case': fitting(
    edit((document) => {
      document.case.title = 'Another case';
    }),
  ),
  'the count of items shown': fitting(
    edit((document) => {
      document.completeness.shown = 99;
    }),
  ),
  'the count of what was left out': fitting(
    edit((document) => {
      document.completeness.outOfScope = 0;
    }),
  ),
  'a raw record': flipRaw,
  'a raw record, sums to fit': fitting(flipRaw),
  'a raw record left out': (all) => all.filter(({ name }) => name !== rawOf(all)),
  'a raw record left out, sums to fit': fitting((all) => all.filter(({ name }) => name !== rawOf(all))),
  'the page left out, sums to fit': fitting((all) => all.filter(({ name }) => name !== 'data/exhibit.html')),
  'the sums left out': (all) => all.filter(({ name }) => name !== 'manifest-sha256.txt'),
  'the document left out': fitting((all) => all.filter(({ name }) => name !== 'data/exhibit.json')),
  'a member nobody named': (all) => [...all, { name: 'more.txt', bytes: Buffer.from('more') }],
  'a member nobody named, sums to fit': fitting((all) => [
    ...all,
    { name: 'data/other-page.html', bytes: Buffer.from('<h1>He did it</h1>') },
  ]),
  'a member twice': (all) => [...all, { name: 'data/exhibit.html', bytes: Buffer.from('<h1>He did it</h1>') }],
  'two members swapped': (all) => {
    const [a, b] = all.filter(({ name }) => name.startsWith('data/raw/')) as [ZipMember, ZipMember];
    const swapped = new Map([
      [a.name, b.bytes],
      [b.name, a.bytes],
    ]);
    return withFittingSums(all.map((one) => ({ ...one, bytes: swapped.get(one.name) ?? one.bytes })));
  },
  'a name that leads out': fitting((all) => [...all, { name: '../../tmp/out', bytes: Buffer.from('x') }]),
  'an absolute name': fitting((all) => [...all, { name: '/etc/cron.d/x', bytes: Buffer.from('x') }]),
  'a name with a backslash': fitting((all) => [...all, { name: '..\\x', bytes: Buffer.from('x') }]),
  'a compressed member': (all) => all.map((one) => ({ ...one, deflate: one.name === 'data/exhibit.html' })),
  'a member that unpacks without end': (all) =>
    all.map((one) => (one.name === rawOf(all) ? { name: one.name, bytes: Buffer.alloc(2 ** 22), deflate: true } : one)),
  'a member longer than it is': (all) =>
    all.map((one) => (one.name === rawOf(all) ? { ...one, claimedLength: 4_000_000_000 } : one)),
};

/** Paths of all values that are no object or list. */
export function scalarsOf(value: unknown, at: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [[...at]];
  return Object.entries(value).flatMap(([name, inner]) => scalarsOf(inner, [...at, name]));
}

export function changeAt(document: object, at: readonly string[]): void {
  const owner = at.slice(0, -1).reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], document);
  const last = at.at(-1) as string;
  const old = (owner as Record<string, unknown>)[last];
  (owner as Record<string, unknown>)[last] = another(old);
}

function another(old: unknown): unknown {
  if (typeof old === 'number') return old + 1;
  if (typeof old === 'boolean') return !old;
  const text = String(old ?? '');
  return `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
}
