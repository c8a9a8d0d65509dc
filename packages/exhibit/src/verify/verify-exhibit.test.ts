import { CustodyError, sha256Hex, utf8Encode } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloadOf } from '../../../../test/bag-of.ts';
import { verifySignature } from '../../../../test/chain-ports.ts';
import {
  bodyDigest,
  logKey as key,
  ORIGIN,
  otherKey,
  rawBytes as RAW,
  syntheticExhibit,
} from '../../../../test/synthetic-exhibit.ts';
import { packBag } from '../bag/pack-bag.ts';
import { checkViews } from '../check-views.ts';
import { fieldJson } from '../field-json.ts';
import { renderBody } from '../page/render-body.ts';
import { verifyExhibit } from './verify-exhibit.ts';

const good = syntheticExhibit();

const RULE = { what: 'field', field: 'body', reason: 'a reason', authority: null, items: 3 } as const;

/** Mutations reach everywhere in a document. */
type Loose = ReturnType<typeof JSON.parse>;

/** Payload of an exhibit with that document, whatever it is. */
function membersOf(document: unknown): Map<string, Uint8Array> {
  const payload = payloadOf(good.document, good.raw);
  payload.set('exhibit.json', utf8Encode(JSON.stringify(document)));
  return payload.set('checkpoint', utf8Encode(String((document as { checkpoint?: unknown }).checkpoint)));
}

/** Its bag, with sums that fit. */
function summed(payload: ReadonlyMap<string, Uint8Array>, document: Loose = good.document): Map<string, Uint8Array> {
  return packBag({ ...good.document, ...pick(document) }, payload);
}

/** What the tag files say of a document. */
function pick(document: Loose): Partial<typeof good.document> {
  const { producer, exhibitRef, size, asOf, tool } = document ?? {};
  const named = Object.entries({ producer, exhibitRef, size, asOf, case: document?.case, tool });
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CustodyError) return error.code;
    throw error;
  }
  return 'ACCEPTED';
}

/** Bag of a document that may be anything: where no tag file can describe it, the good one's do. */
function bagged(document: unknown): Map<string, Uint8Array> {
  const payload = membersOf(document);
  try {
    return summed(payload, document as Loose);
  } catch {
    return summed(payload);
  }
}

const verify = (members: Map<string, Uint8Array>, verifierKey?: string) =>
  verifyExhibit(members, { verify: verifySignature, ...(verifierKey !== undefined && { verifierKey }) });

/** Flips the last hex or base64 digit but one. */
function flip(text: string): string {
  const at = text.length - 5;
  return `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;
}

describe('an exhibit made by hand from the packages below', () => {
  it('verifies, pinned and not, and its page is the one that belongs to it', () => {
    const members = summed(membersOf(good.document));
    const { verdict } = verify(members, key);
    expect(verdict.verifierKey.source).toBe('pinned');
    expect(verdict.checked).toMatchObject({ items: 3, findings: 1, rawRecords: 6, withheldFields: 0, segments: 1 });
    expect(verify(members).verdict.verifierKey.source).toBe('self-asserted');
    expect(checkViews(good.document, payloadOf(good.document, good.raw), 'b')).toBe('equal');
  });

  const changes: Readonly<Record<string, readonly [code: string, change: (d: Loose) => void]>> = {
    'count of shown items': ['EXHIBIT_COUNT_MISMATCH', (d) => d.completeness.shown++],
    'count in scope': ['EXHIBIT_COUNT_MISMATCH', (d) => d.completeness.inScope++],
    'count shown of a conversation': ['EXHIBIT_COUNT_MISMATCH', (d) => d.conversations[0].shown--],
    'conversation holding less than is shown': ['EXHIBIT_COUNT_MISMATCH', (d) => (d.conversations[0].held = 2)],
    'conversation left out': ['EXHIBIT_COUNT_MISMATCH', (d) => d.conversations.pop()],
    'conversation renamed': ['EXHIBIT_COUNT_MISMATCH', (d) => (d.conversations[0].conversation = 'c2')],
    'conversation listed twice': ['EXHIBIT_COUNT_MISMATCH', (d) => d.conversations.push(d.conversations[0])],
    'finding listed nowhere': ['EXHIBIT_COUNT_MISMATCH', (d) => (d.conversations[0].findings = [])],
    'finding that is not there': ['EXHIBIT_COUNT_MISMATCH', (d) => d.derivations[0].findings.push(17)],
    'finding left out': ['EXHIBIT_COUNT_MISMATCH', (d) => d.leaves.pop()],
    'records of a derivation': ['EXHIBIT_ENTRY_MISMATCH', (d) => d.derivations[0].totals.records++],
    'lost of a derivation': ['EXHIBIT_ENTRY_MISMATCH', (d) => (d.derivations[0].totals.lost = null)],
    'capture of a derivation': ['EXHIBIT_ENTRY_MISMATCH', (d) => (d.derivations[0].capture = 'cd'.repeat(32))],
    'decoder of a derivation': ['EXHIBIT_ENTRY_MISMATCH', (d) => (d.derivations[0].decoder = 'other 1')],
    'authority of a derivation': ['EXHIBIT_ENTRY_MISMATCH', (d) => (d.derivations[0].authority = 'W-2')],
    'totals without their entry': ['EXHIBIT_ENTRY_MISMATCH', (d) => (d.derivations[0].complete = null)],
    'derivation twice': ['EXHIBIT_ENTRY_MISMATCH', (d) => d.derivations.push(d.derivations[0])],
    'derivation left out': ['EXHIBIT_ENTRY_MISMATCH', (d) => d.derivations.pop()],
    'title of the case': ['EXHIBIT_ENTRY_MISMATCH', (d) => (d.case.title = 'Another case')],
    'date of the log': ['EXHIBIT_ENTRY_MISMATCH', (d) => (d.asOf = '2020-01-01T00:00:00.000Z')],
    'entry left out': ['EXHIBIT_ENTRY_MISMATCH', (d) => d.entries.pop()],
    'entry twice': ['EXHIBIT_ENTRY_MISMATCH', (d) => d.entries.push(d.entries[0])],
    'opened field of an entry': ['EXHIBIT_ENTRY_MISMATCH', (d) => (d.entries[1].fields[2].value += '00')],
    'entry in another place': ['INCLUSION_PROOF_INVALID', (d) => (d.entries[0].entry = 7)],
    'opened value': ['EXHIBIT_ITEM_MISMATCH', (d) => (d.leaves[0].fields[9].value = '6c6965')],
    'opened value taken away': ['EXHIBIT_ITEM_MISMATCH', (d) => (d.leaves[0].fields[9].value = null)],
    salt: ['EXHIBIT_ITEM_MISMATCH', (d) => (d.leaves[0].fields[9].salt = '00'.repeat(16))],
    'salt of another length': ['OPENING_MALFORMED', (d) => (d.leaves[0].fields[9].salt = '00')],
    'value in capitals': ['EXHIBIT_MALFORMED', (d) => (d.leaves[0].fields[9].value = '4C')],
    'piece removed': ['EXHIBIT_ITEM_MISMATCH', (d) => d.leaves[1].fields[9].pieces.pop()],
    'pieces reordered': ['EXHIBIT_ITEM_MISMATCH', (d) => d.leaves[1].fields[9].pieces.reverse()],
    'all pieces removed': ['OPENING_MALFORMED', (d) => (d.leaves[1].fields[9].pieces = [])],
    'digest of something else for a value': [
      'EXHIBIT_ITEM_MISMATCH',
      (d) => (d.leaves[0].fields[9] = { digest: '11'.repeat(32) }),
    ],
    'digest of another length': ['OPENING_MALFORMED', (d) => (d.leaves[0].fields[9] = { digest: '11' })],
    'fields exchanged': [
      'EXHIBIT_ITEM_MISMATCH',
      (d) => d.leaves[0].fields.splice(2, 2, d.leaves[0].fields[3], d.leaves[0].fields[2]),
    ],
    'field missing': ['EXHIBIT_MALFORMED', (d) => d.leaves[0].fields.pop()],
    'previous link': ['EXHIBIT_ITEM_MISMATCH', (d) => (d.leaves[1].previous = '22'.repeat(32))],
    'previous link too short': ['EXHIBIT_MALFORMED', (d) => (d.leaves[1].previous = '2222')],
    'path hash': ['EXHIBIT_ITEM_MISMATCH', (d) => (d.leaves[0].path[0] = d.leaves[0].path[1])],
    'path too long': ['INCLUSION_PROOF_INVALID', (d) => d.leaves[0].path.push(d.leaves[0].path[0])],
    'path too short': ['INCLUSION_PROOF_INVALID', (d) => d.leaves[0].path.pop()],
    'path of a million hashes': ['INCLUSION_PROOF_INVALID', (d) => (d.leaves[0].path = Array(1e5).fill('AA=='))],
    'path that is no base64': ['BASE64_INVALID', (d) => (d.leaves[0].path[0] = '?')],
    'position shifted': ['EXHIBIT_ITEM_MISMATCH', (d) => d.leaves[0].position++],
    'index shifted': ['EXHIBIT_RAW_MISMATCH', (d) => (d.leaves[0].index = 9)],
    'index and position shifted': [
      'EXHIBIT_ITEM_MISMATCH',
      (d) => Object.assign(d.leaves[3], { index: 9, position: 9 }),
    ],
    'kind of a leaf': ['EXHIBIT_ITEM_MISMATCH', (d) => (d.leaves[3].kind = 1)],
    'role of a leaf': ['EXHIBIT_COUNT_MISMATCH', (d) => (d.leaves[1].role = 'selected')],
    'item shown as a finding': ['EXHIBIT_ITEM_MISMATCH', (d) => (d.leaves[1].role = 'finding')],
    'leaf twice': ['EXHIBIT_ITEM_MISMATCH', (d) => d.leaves.push(d.leaves[0])],
    'leaf of no segment': ['EXHIBIT_SEGMENT_MISMATCH', (d) => (d.leaves[0].segment = 1)],
    'segment twice': ['EXHIBIT_SEGMENT_MISMATCH', (d) => d.segments.push(d.segments[0])],
    'segment of another derivation': ['EXHIBIT_SEGMENT_MISMATCH', (d) => (d.segments[0].derivation = 0)],
    'segment entry that is none': [
      'EXHIBIT_SEGMENT_MISMATCH',
      (d) => Object.assign(d.segments[0], { ...d.entries[0], fields: undefined }),
    ],
    'byte of a segment entry': ['ENTRY_SIGNATURE_INVALID', (d) => (d.segments[0].bytes = flip(d.segments[0].bytes))],
    'proof of a segment entry': ['CHECKPOINT_ROOT_MISMATCH', (d) => d.segments[0].proof.reverse()],
    'proof of a segment entry emptied': ['INCLUSION_PROOF_INVALID', (d) => (d.segments[0].proof = [])],
    'checkpoint size': ['CHECKPOINT_SIGNATURE_INVALID', (d) => (d.checkpoint = d.checkpoint.replace('\n4\n', '\n5\n'))],
    'checkpoint signature': ['CHECKPOINT_SIGNATURE_INVALID', (d) => (d.checkpoint = flip(d.checkpoint))],
    'checkpoint of another origin': [
      'CHECKPOINT_SIGNATURE_INVALID',
      (d) => (d.checkpoint = d.checkpoint.replace(ORIGIN, 'x.example/y')),
    ],
    'checkpoint without signature': ['NOTE_MALFORMED', (d) => (d.checkpoint = 'custody\n')],
    'size of the document': ['EXHIBIT_COUNT_MISMATCH', (d) => (d.size = 3)],
    'origin of the document': ['EXHIBIT_COUNT_MISMATCH', (d) => (d.case.origin = 'x.example/y')],
    'verifier key malformed': ['VERIFIER_KEY_MALFORMED', (d) => (d.verifierKey = 'x')],
    'verifier key of another log': ['CHECKPOINT_SIGNATURE_MISSING', (d) => (d.verifierKey = otherKey)],
    'redaction announced and not made': ['EXHIBIT_REDACTION_MISMATCH', (d) => d.redacted.push('body')],
    'raw records of another item': ['EXHIBIT_RAW_MISMATCH', (d) => (d.leaves[0].raw = ['raw/1-0.bin', 'raw/1-1.bin'])],
    'raw record left out': ['EXHIBIT_MEMBER_UNKNOWN', (d) => d.leaves[0].raw.pop()],
    'raw listed and withheld': ['EXHIBIT_RAW_MISMATCH', (d) => (d.leaves[0].fields[14] = { digest: '11'.repeat(32) })],
    'raw opened in another field': [
      'EXHIBIT_MALFORMED',
      (d) => (d.leaves[0].fields[9] = { salt: '00'.repeat(16), raw: true }),
    ],
    'version of the document': ['EXHIBIT_MALFORMED', (d) => (d.custodyExhibit = 2)],
    'number as text': ['EXHIBIT_MALFORMED', (d) => (d.size = '4')],
    'huge number': ['EXHIBIT_MALFORMED', (d) => (d.leaves[0].position = 1e300)],
    'negative number': ['EXHIBIT_MALFORMED', (d) => (d.leaves[0].position = -1)],
    'number that is none': ['EXHIBIT_MALFORMED', (d) => (d.leaves[0].position = null)],
    'key of no exhibit': ['EXHIBIT_MALFORMED', (d) => (d.leaves[0].verified = true)],
    'key that is missing': ['EXHIBIT_MALFORMED', (d) => delete d.completeness.notes],
    'piece that is no object': ['EXHIBIT_MALFORMED', (d) => (d.leaves[1].fields[9].pieces[0] = null)],
    'document that is a list': ['EXHIBIT_MALFORMED', (d) => (d.leaves = {})],
  };

  it.each(Object.entries(changes))('refuses: %s', (_, [code, change]) => {
    const document = structuredClone(good.document);
    change(document);
    expect(codeOf(() => verify(bagged(document)))).toBe(code);
  });

  it('refuses another pinned key, and an announced key that is not the pinned one', () => {
    expect(codeOf(() => verify(summed(membersOf(good.document)), otherKey))).toBe('CHECKPOINT_SIGNATURE_MISSING');
    const document = { ...good.document, verifierKey: otherKey };
    expect(codeOf(() => verify(bagged(document), key))).toBe('EXHIBIT_COUNT_MISMATCH');
  });

  it('accepts withheld fields that are announced and refuses the same unannounced', () => {
    const document: Loose = structuredClone({ ...good.document, mentions: [] });
    for (const leaf of document.leaves)
      if (leaf.kind === 1) leaf.fields[9] = fieldJson({ digest: bodyDigest(leaf.index) });
    expect(codeOf(() => verify(bagged(document)))).toBe('EXHIBIT_REDACTION_MISMATCH');
    document.redacted = ['body'];
    expect(codeOf(() => verify(bagged(document)))).toBe('EXHIBIT_REDACTION_MISMATCH');
    document.redactions = [RULE];
    for (const leaf of document.leaves) if (leaf.kind === 1) leaf.because = [0];
    expect(verify(bagged(document)).verdict.checked.withheldFields).toBe(3);
  });

  it('accepts an exhibit of a build that knew no mentions, and refuses a mention in what is withheld', () => {
    const { mentions, ...older } = good.document;
    expect(verify(bagged(older)).document.mentions).toBeUndefined();
    const document: Loose = structuredClone({ ...good.document, redacted: ['body'], redactions: [RULE] });
    for (const leaf of document.leaves)
      if (leaf.kind === 1)
        Object.assign(leaf, { because: [0] }).fields[9] = fieldJson({ digest: bodyDigest(leaf.index) });
    expect(codeOf(() => verify(bagged(document)))).toBe('EXHIBIT_MENTION_MISMATCH');
    expect(mentions?.length).toBeGreaterThan(0);
  });

  it.each([
    ['exhibit.html', 'EXHIBIT_MEMBER_MISSING'],
    ['checkpoint', 'EXHIBIT_MEMBER_MISSING'],
    ['exhibit.json', 'EXHIBIT_MEMBER_MISSING'],
    ['raw/0-1.bin', 'EXHIBIT_MEMBER_MISSING'],
  ])('refuses %s taken away, listed or not', (name, code) => {
    const members = membersOf(good.document);
    const listed = summed(members);
    listed.delete(`data/${name}`);
    expect(codeOf(() => verify(listed))).toBe('EXHIBIT_MEMBER_MISSING');
    members.delete(name);
    expect(codeOf(() => verify(summed(members)))).toBe(code);
  });

  it.each([
    [
      'a member beside the others',
      'EXHIBIT_MEMBER_UNKNOWN',
      (m: Map<string, Uint8Array>) => m.set('raw/7-0.bin', RAW[0] as Uint8Array),
    ],
    [
      'a raw record exchanged',
      'EXHIBIT_RAW_MISMATCH',
      (m: Map<string, Uint8Array>) => m.set('raw/0-0.bin', RAW[1] as Uint8Array),
    ],
    [
      'a checkpoint exchanged',
      'EXHIBIT_MEMBER_ALTERED',
      (m: Map<string, Uint8Array>) => m.set('checkpoint', utf8Encode('x')),
    ],
    [
      'a document that is no JSON',
      'EXHIBIT_MALFORMED',
      (m: Map<string, Uint8Array>) => m.set('exhibit.json', utf8Encode('{')),
    ],
    [
      'a document that is null',
      'EXHIBIT_MALFORMED',
      (m: Map<string, Uint8Array>) => m.set('exhibit.json', utf8Encode('null')),
    ],
    [
      'a document that is not UTF-8',
      'EXHIBIT_MALFORMED',
      (m: Map<string, Uint8Array>) => m.set('exhibit.json', Uint8Array.of(0xff)),
    ],
    [
      'keys of a prototype',
      'EXHIBIT_MALFORMED',
      (m: Map<string, Uint8Array>) =>
        m.set('exhibit.json', utf8Encode(JSON.stringify(good.document).replace('{', '{"__proto__":{"leaves":[]},'))),
    ],
  ])('refuses %s with fitting sums', (_, code, change) => {
    const members = membersOf(good.document);
    change(members);
    expect(codeOf(() => verify(summed(members)))).toBe(code);
  });

  it.each([
    [
      'a line altered',
      'EXHIBIT_MEMBER_ALTERED',
      (text: string) => text.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    ],
    ['a line twice', 'EXHIBIT_MALFORMED', (text: string) => text + text.split('\n')[0]],
    ['a line missing', 'EXHIBIT_MEMBER_UNKNOWN', (text: string) => text.slice(text.indexOf('\n') + 1)],
    ['a line that is none', 'EXHIBIT_MALFORMED', (text: string) => `${text}#\n`],
    [
      'a line of a member that is not there',
      'EXHIBIT_MEMBER_MISSING',
      (text: string) => `${text}${'0'.repeat(64)}  gone\n`,
    ],
  ])('refuses sums with %s', (_, code, change) => {
    const members = summed(membersOf(good.document));
    const sums = new TextDecoder().decode(members.get('manifest-sha256.txt'));
    members.set('manifest-sha256.txt', utf8Encode(change(sums)));
    const tags = new TextDecoder().decode(members.get('tagmanifest-sha256.txt'));
    const sum = sha256Hex(members.get('manifest-sha256.txt') as Uint8Array);
    const fitting = tags.replace(/^[0-9a-f]{64}(?= {2}manifest)/m, sum);
    members.set('tagmanifest-sha256.txt', utf8Encode(fitting));
    expect(codeOf(() => verify(members))).toBe(code);
  });

  it('refuses a page or a verifier that is another, unless another build made it', () => {
    for (const name of ['exhibit.html', 'verify.py']) {
      const payload = payloadOf(good.document, good.raw);
      payload.set(name, utf8Encode(new TextDecoder().decode(payload.get(name)).replace('P', 'Q')));
      expect(codeOf(() => checkViews(good.document, payload, 'b'))).toBe('EXHIBIT_VIEW_MISMATCH');
      expect(checkViews(good.document, payload, 'another')).toBeNull();
    }
  });
});

describe('hostile documents', () => {
  const json = JSON.stringify(good.document);
  const values = fc.oneof(
    fc.constantFrom(null, true, -1, 1e308, '', 'x', '__proto__', [], {}),
    fc.jsonValue({ maxDepth: 2 }),
  );

  it('are refused with a CustodyError wherever a value is exchanged', () => {
    const places = [...paths(good.document)];
    fc.assert(
      fc.property(fc.nat(places.length - 1), values, (at, value) => {
        const document = JSON.parse(json) as Loose;
        const path = places[at] as (string | number)[];
        const last = path.at(-1) as string;
        const parent = path.slice(0, -1).reduce((node, step) => node[step], document);
        if (JSON.stringify(parent[last]) === JSON.stringify(value)) return;
        parent[last] = value;
        const code = codeOf(() => {
          const { document: read } = verify(bagged(document));
          renderBody(read);
        });
        // The producer's own words are free; all else is proven.
        if (!FREE.test(path.join('.'))) expect(code).not.toBe('ACCEPTED');
      }),
      { numRuns: 600 },
    );
  });

  it('are refused with a CustodyError wherever a byte is exchanged', () => {
    const bytes = utf8Encode(json);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const changed = bytes.slice();
        changed[at] = byte;
        const members = membersOf(good.document);
        members.set('exhibit.json', changed);
        codeOf(() => renderBody(verify(summed(members)).document));
      }),
      { numRuns: 400 },
    );
  });
});

/** What an exhibit cannot prove. */
const FREE =
  /^(exhibitRef|producer|selection|tool|media|lang|timeZone|annotations|mentions|completeness\.(notes|limits|inventory|notExamined|superseded)|derivations\.\d+\.captureName|conversations\.\d+\.(held|withheld|findings))/;

function* paths(node: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (path.length > 0) yield path;
  if (typeof node !== 'object' || node === null) return;
  for (const key of Object.keys(node)) yield* paths((node as Record<string, unknown>)[key], [...path, key]);
}
