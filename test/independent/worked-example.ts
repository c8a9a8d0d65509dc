/** The worked example of packages/chain/SPEC.md, section 9: its inputs, and its numbers by the second implementation. */
import { sign } from 'node:crypto';
import { bodyPieces, digestInPieces, mapPieces, partFields, salt, u32, type Values } from './fields.ts';
import { ed25519, entry, entryFieldsRoot, header, segmentLeaves, u64 } from './log.ts';
import { auditPath, merkleTreeHash, sha256 } from './tree.ts';

/** Lines `name = value` of the fenced blocks after the heading of section 9. */
export function readExample(spec: string): ReadonlyMap<string, string> {
  const section = spec.slice(spec.indexOf('## 9.'));
  const lines = [...section.matchAll(/^([^=\n]+?) += (.+)$/gm)].map((m) => [m[1] as string, m[2] as string] as const);
  if (lines.length === 0) throw new Error('section 9 of SPEC.md has no numbers');
  return new Map(lines);
}

export interface ExampleInputs {
  readonly origin: string;
  readonly secret: Buffer;
  readonly actorSeed: Buffer;
  readonly logSeed: Buffer;
  readonly items: readonly Values[];
  readonly findings: readonly Values[];
  /** Kinds of the leaves in segment order. */
  readonly order: readonly number[];
  readonly entries: readonly { readonly kind: number; readonly time: number; readonly reason: Buffer }[];
  readonly object: { readonly name: string; readonly bytes: Buffer };
}

export function exampleInputs(example: ReadonlyMap<string, string>): ExampleInputs {
  const text = (name: string): string => {
    const value = example.get(name);
    if (value === undefined) throw new Error(`SPEC.md has no line "${name} = ..."`);
    return value;
  };
  const hex = (name: string): Buffer => Buffer.from(text(name), 'hex');
  const leaf = (name: string, fields: number): Values =>
    Array.from({ length: fields }, (_, f) => {
      const value = example.get(`${name} field ${f + 1}`);
      return value === undefined ? null : value === 'empty' ? Buffer.alloc(0) : Buffer.from(value, 'hex');
    });
  return {
    origin: text('origin'),
    secret: hex('salt secret'),
    actorSeed: hex('actor seed'),
    logSeed: hex('log seed'),
    items: [leaf('item 0', 15), leaf('item 1', 15)],
    findings: [leaf('finding 0', 6)],
    order: text('leaf kinds').split(' ').map(Number),
    entries: [0, 1, 2].map((e) => ({
      kind: Number(text(`entry ${e} kind`)),
      time: Number(text(`entry ${e} time`)),
      reason: hex(`entry ${e} field 2`),
    })),
    object: { name: text('object name'), bytes: hex('object bytes') },
  };
}

/** The sixteen bytes that stand for random ones as the salt of field `number` of entry `e`. */
export function entrySalt(e: number, number: number): Buffer {
  return Buffer.alloc(16, 16 * e + number);
}

/** Every number of the example, by its name in SPEC.md. */
export function exampleNumbers(inputs: ExampleInputs): Map<string, string> {
  const numbers = new Map<string, string>();
  const put = (name: string, value: Uint8Array | string | number) =>
    numbers.set(name, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value));
  const leaves = putLeaves(inputs, put);
  const { origin } = inputs;
  const actor = ed25519(inputs.actorSeed);
  const log = ed25519(inputs.logSeed);
  put('actor public key', actor.publicKey);
  put('log public key', log.publicKey);

  const entries: Buffer[] = [];
  let segment: Uint8Array = Buffer.alloc(0);
  for (const [e, { kind, time, reason }] of inputs.entries.entries()) {
    const previous = entries.length === 0 ? Buffer.alloc(32) : sha256(Buffer.of(0), entries[e - 1] as Buffer);
    const values = [null, reason, null, null, null, null];
    const fieldsRoot = entryFieldsRoot(
      values,
      values.map((_, f) => entrySalt(e, f + 1)),
    );
    if (kind === 6) segment = putSegment(previous, leaves, put);
    const clear =
      kind === 6 ? Buffer.concat([u64(1), u32(0), u32(0), u64(0), u32(leaves.length), segment]) : Buffer.alloc(0);
    const bytes = entry({ kind, previous, time, fieldsRoot, clear }, origin, actor);
    entries.push(bytes);
    put(`entry ${e} fields root`, fieldsRoot);
    put(`entry ${e} length`, bytes.length);
    put(`entry ${e} signature`, bytes.subarray(-64));
    put(`entry ${e} leaf hash`, sha256(Buffer.of(0), bytes));
  }
  const root = merkleTreeHash(entries);
  put('log root', root);
  put(
    'proof of entry 2',
    auditPath(2, entries)
      .map((h) => h.toString('hex'))
      .join(' '),
  );
  const text = `${origin}\n3\n${root.toString('base64')}\n`;
  const id = sha256(Buffer.from(`${origin}\n`), Buffer.of(1), log.publicKey).subarray(0, 4);
  const line = `\u2014 ${origin} ${Buffer.concat([id, sign(null, Buffer.from(text), log.key)]).toString('base64')}`;
  put(
    'verifier key',
    `${origin}+${id.toString('hex')}+${Buffer.concat([Buffer.of(1), log.publicKey]).toString('base64')}`,
  );
  put('checkpoint signature line', line);
  putCommit(inputs, { entries, checkpoint: `${text}\n${line}\n` }, put);
  return numbers;
}

type Put = (name: string, value: Uint8Array | string | number) => void;

/** Fields roots of the leaves in segment order. */
function putLeaves({ items, findings, secret, order }: ExampleInputs, put: Put): { kind: number; root: Buffer }[] {
  const fields = partFields(items, findings, secret);
  const [first] = items;
  const body = bodyPieces(first?.[9] as Uint8Array) ?? [];
  const named = mapPieces(first?.[13] as Uint8Array) ?? [];
  put('salt block 0', salt(secret, 0));
  put('salt block 36', salt(secret, 36));
  put('item 0 body piece lengths', body.map((piece) => piece.length).join(' '));
  for (const [i, piece] of body.entries()) {
    put(`item 0 body piece ${i} digest`, sha256(Buffer.of(5, 10), u32(piece.length), salt(secret, 36 + i), piece));
  }
  const saltedMap = named.map((value, i) => ({ salt: salt(secret, 36 + body.length + i), value }));
  put('item 0 field 14 digest', digestInPieces(14, saltedMap));
  for (const number of [1, 2, 10]) put(`item 0 field ${number} digest`, fields.items[0]?.digests[number - 1] as Buffer);
  put('item 0 fields root', fields.items[0]?.root as Buffer);
  put('item 1 fields root', fields.items[1]?.root as Buffer);
  put('finding 0 fields root', fields.findings[0]?.root as Buffer);
  const queues = { 1: [...fields.items], 2: [...fields.findings] };
  return order.map((kind) => ({ kind, root: queues[kind as 1 | 2].shift()?.root as Buffer }));
}

function putSegment(derive: Uint8Array, leaves: { kind: number; root: Buffer }[], put: Put): Buffer {
  const head = header(derive, 0, 0, leaves.length);
  const data = segmentLeaves(head, leaves);
  put('segment header', head);
  put('link -1', sha256(head));
  for (const [i, leaf] of data.entries()) put(`link ${i}`, sha256(Buffer.of(0), leaf));
  const root = merkleTreeHash(data);
  put('segment root', root);
  put('evidence root', merkleTreeHash([root]));
  return root;
}

function putCommit(inputs: ExampleInputs, log: { entries: Buffer[]; checkpoint: string }, put: Put): void {
  const { name, bytes } = inputs.object;
  const cbor = Buffer.concat([
    Buffer.of(0x84, 0x00, 0x83),
    ...log.entries.map((raw) => Buffer.concat([Buffer.of(0x58, raw.length), raw])),
    Buffer.of(0x81, 0x83, 0x60 + name.length),
    Buffer.from(name),
    Buffer.of(bytes.length, 0x58, 32),
    sha256(bytes),
    Buffer.of(0x78, Buffer.byteLength(log.checkpoint)),
    Buffer.from(log.checkpoint),
  ]);
  const before = Buffer.concat([Buffer.from('custody/commit/v1\n'), u32(cbor.length), cbor]);
  const message = Buffer.concat([Buffer.from(`custody/commit-sig/v1\n${inputs.origin}\n`), before]);
  const commit = Buffer.concat([before, sign(null, message, ed25519(inputs.logSeed).key)]);
  put('commit length', commit.length);
  put('commit SHA-256', sha256(commit));
}
