import { exhibitChanges } from './e2e/exhibit-changes.ts';
import { withFittingSums, type ZipMember } from './e2e/plain-zip.ts';
import { strangerKey } from './synthetic-exhibit.ts';

/** A kind of altered exhibit and the reason for which every verifier must refuse it. */
export interface Mutation {
  readonly code: string;
  readonly change: (all: ZipMember[]) => ZipMember[];
}

/** Mutations reach everywhere in a document. */
type Loose = ReturnType<typeof JSON.parse>;

const bytes = (text: string) => Buffer.from(text);

/** What somebody does who edits the document: the page is made to fit, and all sums. */
function document(code: string, change: (document: Loose) => void): Mutation {
  return { code, change: (all) => withFittingSums(withPage(all.map((one) => edited(one, change)))) };
}

function edited(one: ZipMember, change: (document: Loose) => void): ZipMember {
  if (one.name !== 'data/exhibit.json') return one;
  const value = JSON.parse(Buffer.from(one.bytes).toString()) as Loose;
  change(value);
  return { name: one.name, bytes: bytes(JSON.stringify(value)) };
}

/** The page carries the document that it should show. */
function withPage(all: ZipMember[]): ZipMember[] {
  const json = Buffer.from(all.find(({ name }) => name === 'data/exhibit.json')?.bytes ?? []).toString();
  return all.map((one) => {
    if (one.name !== 'data/exhibit.html') return one;
    const page = Buffer.from(one.bytes).toString();
    const start = page.indexOf('id="exhibit">') + 'id="exhibit">'.length;
    const end = page.indexOf('</script>', start);
    return { name: one.name, bytes: bytes(page.slice(0, start) + json.replaceAll('<', '\\u003c') + page.slice(end)) };
  });
}

function file(code: string, name: string, change: (old: string) => string): Mutation {
  return {
    code,
    change: (all) =>
      withFittingSums(
        all.map((one) =>
          one.name === name
            ? { name, bytes: Buffer.from(change(Buffer.from(one.bytes).toString('latin1')), 'latin1') }
            : one,
        ),
      ),
  };
}

function unsummed(code: string, name: string, change: (old: string) => string): Mutation {
  return {
    code,
    change: (all) =>
      all.map((one) => (one.name === name ? { name, bytes: bytes(change(Buffer.from(one.bytes).toString())) } : one)),
  };
}

const without = (code: string, gone: string): Mutation => ({
  code,
  change: (all) => withFittingSums(all.filter(({ name }) => name !== gone)),
});

/** The last line's time, bytes 4 to 11, one second later. */
function laterCosignature(note: string): string {
  const at = note.trimEnd().lastIndexOf(' ') + 1;
  const line = Buffer.from(note.slice(at).trimEnd(), 'base64');
  line[11] = (line[11] as number) ^ 1;
  return `${note.slice(0, at)}${line.toString('base64')}\n`;
}

/** The changes of `exhibitChanges` by the reason for which each is refused. */
const REASONS: Readonly<Record<string, string>> = {
  'a byte of the page': 'EXHIBIT_MEMBER_ALTERED',
  'a byte of the page, sums to fit': 'EXHIBIT_VIEW_MISMATCH',
  'a byte of the document': 'EXHIBIT_MEMBER_ALTERED',
  'a value of an item': 'EXHIBIT_ITEM_MISMATCH',
  'a salt': 'EXHIBIT_ITEM_MISMATCH',
  'the fields of two items swapped': 'EXHIBIT_ITEM_MISMATCH',
  'the number of an item': 'EXHIBIT_RAW_MISMATCH',
  'the position of an item': 'EXHIBIT_ITEM_MISMATCH',
  'a finding made of an item': 'EXHIBIT_ITEM_MISMATCH',
  'an item twice': 'EXHIBIT_ITEM_MISMATCH',
  'a proof cut short': 'INCLUSION_PROOF_INVALID',
  'the proof of another item': 'EXHIBIT_ITEM_MISMATCH',
  'the proof of a segment': 'INCLUSION_PROOF_INVALID',
  'the entry of a segment': 'ENTRY_MALFORMED',
  'no segments': 'EXHIBIT_SEGMENT_MISMATCH',
  'the root in the checkpoint': 'EXHIBIT_MEMBER_ALTERED',
  'the checkpoint beside the document': 'EXHIBIT_MEMBER_ALTERED',
  'the title of the case': 'EXHIBIT_ENTRY_MISMATCH',
  'the count of items shown': 'EXHIBIT_COUNT_MISMATCH',
  'a raw record': 'EXHIBIT_MEMBER_ALTERED',
  'a raw record, sums to fit': 'EXHIBIT_RAW_MISMATCH',
  'a raw record left out': 'EXHIBIT_MEMBER_MISSING',
  'a raw record left out, sums to fit': 'EXHIBIT_MEMBER_MISSING',
  'the page left out, sums to fit': 'EXHIBIT_MEMBER_MISSING',
  'the sums left out': 'EXHIBIT_MEMBER_MISSING',
  'the document left out': 'EXHIBIT_MEMBER_MISSING',
  'a member nobody named': 'EXHIBIT_MEMBER_UNKNOWN',
  'a member nobody named, sums to fit': 'EXHIBIT_MEMBER_UNKNOWN',
  'a member twice': 'EXHIBIT_MALFORMED',
  'two members swapped': 'EXHIBIT_RAW_MISMATCH',
  'a name that leads out': 'EXHIBIT_MALFORMED',
  'an absolute name': 'EXHIBIT_MALFORMED',
  'a name with a backslash': 'EXHIBIT_MALFORMED',
  'a compressed member': 'EXHIBIT_MALFORMED',
  'a member that unpacks without end': 'EXHIBIT_MALFORMED',
  'a member longer than it is': 'EXHIBIT_MALFORMED',
};

const more: Readonly<Record<string, Mutation>> = {
  'bagit.txt left out': without('EXHIBIT_MEMBER_MISSING', 'bagit.txt'),
  'bagit.txt of another version': file('EXHIBIT_MEMBER_ALTERED', 'bagit.txt', (old) => old.replace('1.0', '0.97')),
  'bag-info.txt left out': without('EXHIBIT_MEMBER_MISSING', 'bag-info.txt'),
  'bag-info.txt names another laboratory': file(
    'EXHIBIT_MEMBER_ALTERED',
    'bag-info.txt',
    (old) => `${old}Contact-Name: x\n`,
  ),
  'the sums of the tag files left out': {
    code: 'EXHIBIT_MEMBER_MISSING',
    change: (all) => all.filter(({ name }) => name !== 'tagmanifest-sha256.txt'),
  },
  'the sums altered, their own sum kept': unsummed(
    'EXHIBIT_MEMBER_ALTERED',
    'manifest-sha256.txt',
    (old) => `${old}\n`,
  ),
  'a sum for a file that is not there': unsummed(
    'EXHIBIT_MEMBER_MISSING',
    'tagmanifest-sha256.txt',
    (old) => `${old}${'0'.repeat(64)}  gone.txt\n`,
  ),
  'a line that is no sum': unsummed('EXHIBIT_MALFORMED', 'tagmanifest-sha256.txt', (old) => `${old}# nothing\n`),
  'a tag file nobody knows': {
    code: 'EXHIBIT_MEMBER_UNKNOWN',
    change: (all) => withFittingSums([...all, { name: 'read-me.txt', bytes: bytes('trust me') }]),
  },
  'verify.py left out': without('EXHIBIT_MEMBER_MISSING', 'data/verify.py'),
  'the checkpoint left out': without('EXHIBIT_MEMBER_MISSING', 'data/checkpoint'),
  'a PDF that nobody named': {
    code: 'EXHIBIT_MEMBER_UNKNOWN',
    change: (all) => withFittingSums([...all, { name: 'data/exhibit.pdf', bytes: bytes('%PDF-1.7') }]),
  },
  'a PDF that is named and not there': document('EXHIBIT_MEMBER_MISSING', (d) => (d.pdf = 'ab'.repeat(32))),
  'a PDF of another hash': {
    code: 'EXHIBIT_MEMBER_ALTERED',
    change: (all) =>
      withFittingSums(
        withPage([
          ...all.map((one) => edited(one, (d) => (d.pdf = 'ab'.repeat(32)))),
          { name: 'data/exhibit.pdf', bytes: bytes('%PDF-1.7') },
        ]),
      ),
  },
  'a page of another document': file('EXHIBIT_VIEW_MISMATCH', 'data/exhibit.html', (old) =>
    old.replace('"custodyExhibit":1', '"custodyExhibit":2'),
  ),
  'a second script in the page': file('EXHIBIT_VIEW_MISMATCH', 'data/exhibit.html', (old) =>
    old.replace('</body>', '<script>0</script></body>'),
  ),
  'the policy of the page loosened': file('EXHIBIT_VIEW_MISMATCH', 'data/exhibit.html', (old) =>
    old.replace("default-src 'none'", 'default-src *'),
  ),
  'words before the page': file('EXHIBIT_VIEW_MISMATCH', 'data/exhibit.html', (old) => `<p>He did it</p>${old}`),
  'no page but an empty file': file('EXHIBIT_VIEW_MISMATCH', 'data/exhibit.html', () => ''),
  'a document that is no JSON': file('EXHIBIT_MALFORMED', 'data/exhibit.json', () => '{'),
  'a document that is a list': file('EXHIBIT_MALFORMED', 'data/exhibit.json', () => '[]'),
  'a key of no exhibit': document('EXHIBIT_MALFORMED', (d) => (d.leaves[0].verified = true)),
  'a key that is missing': document('EXHIBIT_MALFORMED', (d) => delete d.completeness.notes),
  'a number as text': document('EXHIBIT_MALFORMED', (d) => (d.leaves[0].position = '0')),
  'a negative number': document('EXHIBIT_MALFORMED', (d) => (d.leaves[0].position = -1)),
  'the version as text': document('EXHIBIT_MALFORMED', (d) => (d.custodyExhibit = '1')),
  'a zero as text': document('EXHIBIT_MALFORMED', (d) => (d.conversations[0].withheld = '0')),
  'another version': document('EXHIBIT_MALFORMED', (d) => (d.custodyExhibit = 2)),
  'a language of no page': document('EXHIBIT_MALFORMED', (d) => (d.lang = 'xx')),
  'a value in capitals': document('EXHIBIT_MALFORMED', (d) => (d.leaves[0].fields[9].value = '4C')),
  'a salt of another length': document('OPENING_MALFORMED', (d) => (d.leaves[0].fields[9].salt = '00')),
  'a digest of another length': document('OPENING_MALFORMED', (d) => (d.leaves[0].fields[9] = { digest: '11' })),
  'a field without pieces': document('OPENING_MALFORMED', (d) => (d.leaves[1].fields[9].pieces = [])),
  'pieces of a text reordered': document('EXHIBIT_ITEM_MISMATCH', (d) => d.leaves[1].fields[9].pieces.reverse()),
  'a piece of a text removed': document('EXHIBIT_ITEM_MISMATCH', (d) => d.leaves[1].fields[9].pieces.pop()),
  'a field removed': document('EXHIBIT_MALFORMED', (d) => d.leaves[0].fields.pop()),
  'a value replaced by a foreign digest': document(
    'EXHIBIT_ITEM_MISMATCH',
    (d) => (d.leaves[0].fields[9] = { digest: '11'.repeat(32) }),
  ),
  'the link before an item': document('EXHIBIT_ITEM_MISMATCH', (d) => (d.leaves[1].previous = '22'.repeat(32))),
  'a proof that is no base64': document('BASE64_INVALID', (d) => (d.leaves[0].path[0] = '?')),
  'a proof too long': document('INCLUSION_PROOF_INVALID', (d) => d.leaves[0].path.push(d.leaves[0].path[0])),
  'an item of a segment that is not there': document('EXHIBIT_SEGMENT_MISMATCH', (d) => (d.leaves[0].segment = 1)),
  'a segment twice': document('EXHIBIT_SEGMENT_MISMATCH', (d) => d.segments.push(d.segments[0])),
  'a segment of another derivation': document('EXHIBIT_SEGMENT_MISMATCH', (d) => (d.segments[0].derivation = 0)),
  'proof hashes of a segment in another order': document('CHECKPOINT_ROOT_MISMATCH', (d) =>
    d.segments[0].proof.reverse(),
  ),
  'an entry left out': document('EXHIBIT_ENTRY_MISMATCH', (d) => d.entries.pop()),
  'an entry twice': document('EXHIBIT_ENTRY_MISMATCH', (d) => d.entries.push(d.entries[0])),
  'an opened field of an entry': document('EXHIBIT_ENTRY_MISMATCH', (d) => (d.entries[1].fields[2].value += '00')),
  'an entry in another place': document('INCLUSION_PROOF_INVALID', (d) => (d.entries[0].entry = 7)),
  'the capture of a derivation': document(
    'EXHIBIT_ENTRY_MISMATCH',
    (d) => (d.derivations[0].capture = 'cd'.repeat(32)),
  ),
  'the authority of a derivation': document('EXHIBIT_ENTRY_MISMATCH', (d) => (d.derivations[0].authority = 'W-2')),
  'records lost made unknown': document('EXHIBIT_ENTRY_MISMATCH', (d) => (d.derivations[0].totals.lost = null)),
  'the hour of the log': document('EXHIBIT_ENTRY_MISMATCH', (d) => (d.asOf = `${d.asOf.slice(0, 10)}T23:00:00.000Z`)),
  'the count of what was left out': document('EXHIBIT_COUNT_MISMATCH', (d) => d.completeness.outOfScope++),
  'a conversation left out': document('EXHIBIT_COUNT_MISMATCH', (d) => d.conversations.pop()),
  'a conversation renamed': document('EXHIBIT_COUNT_MISMATCH', (d) => (d.conversations[0].conversation = 'c2')),
  'a conversation that holds less than is shown': document(
    'EXHIBIT_COUNT_MISMATCH',
    (d) => (d.conversations[0].held = 2),
  ),
  'a finding listed nowhere': document('EXHIBIT_COUNT_MISMATCH', (d) => (d.conversations[0].findings = [])),
  'a finding left out': document('EXHIBIT_COUNT_MISMATCH', (d) => d.leaves.pop()),
  'context shown as selected': document('EXHIBIT_COUNT_MISMATCH', (d) => (d.leaves[1].role = 'selected')),
  'a redaction announced and not made': document('EXHIBIT_REDACTION_MISMATCH', (d) => d.redacted.push('body')),
  'a redaction without an item': document('EXHIBIT_REDACTION_MISMATCH', (d) =>
    d.redactions.push({ what: 'value', field: null, reason: null, authority: null, items: 2 }),
  ),
  'a mention of no item': document('EXHIBIT_MENTION_MISMATCH', (d) => (d.mentions[0].index = 77)),
  'a mention in a finding': document('EXHIBIT_MENTION_MISMATCH', (d) => (d.mentions[0].index = 3)),
  'mentions of an item twice': document('EXHIBIT_MENTION_MISMATCH', (d) => d.mentions.push(d.mentions[0])),
  'a mention beyond the text': document('EXHIBIT_MENTION_MISMATCH', (d) => (d.mentions[0].found[0].end = 6)),
  'an empty mention': document('EXHIBIT_MENTION_MISMATCH', (d) => (d.mentions[0].found[0].end = 0)),
  'a mention with a key of no mention': document('EXHIBIT_MALFORMED', (d) => (d.mentions[0].found[0].sure = true)),
  'a mention without a tier': document('EXHIBIT_MALFORMED', (d) => delete d.mentions[0].found[0].tier),
  'mentions that are no list': document('EXHIBIT_MALFORMED', (d) => (d.mentions = {})),
  'raw records of another item': document(
    'EXHIBIT_RAW_MISMATCH',
    (d) => (d.leaves[0].raw = ['raw/1-0.bin', 'raw/1-1.bin']),
  ),
  'an attachment that is none': document('EXHIBIT_MEDIA_MISMATCH', (d) => (d.leaves[0].media = ['raw/0-0.bin'])),
  'a stale checkpoint, shorter': document(
    'EXHIBIT_MEMBER_ALTERED',
    (d) => (d.checkpoint = d.checkpoint.replace('\n4\n', '\n3\n')),
  ),
  'a stale checkpoint in both places': {
    code: 'CHECKPOINT_SIGNATURE_INVALID',
    change: (all) =>
      withFittingSums(
        withPage(
          all.map((one) =>
            one.name === 'data/checkpoint'
              ? { ...one, bytes: bytes(Buffer.from(one.bytes).toString().replace('\n4\n', '\n3\n')) }
              : edited(one, (d) => (d.checkpoint = d.checkpoint.replace('\n4\n', '\n3\n'))),
          ),
        ),
      ),
  },
  'a witness that never saw the log': document('EXHIBIT_ANCHOR_MISMATCH', (d) =>
    d.anchors[0].witnesses.push(strangerKey),
  ),
  'another witness in place of the one that cosigned': document(
    'EXHIBIT_ANCHOR_MISMATCH',
    (d) => (d.anchors[0].witnesses = [strangerKey]),
  ),
  'a witness whose key is none': document('EXHIBIT_ANCHOR_MISMATCH', (d) => (d.anchors[0].witnesses = ['w+1+AA=='])),
  'more entries than a witness saw': document('EXHIBIT_ANCHOR_MISMATCH', (d) => (d.anchors[0].size = 4)),
  'no proof that the log extends what a witness saw': document(
    'EXHIBIT_ANCHOR_MISMATCH',
    (d) => (d.anchors[0].consistency = []),
  ),
  'another proof that the log extends what a witness saw': document('EXHIBIT_ANCHOR_MISMATCH', (d) =>
    d.anchors[0].consistency.reverse(),
  ),
  'a statement by nobody': document('EXHIBIT_ANCHOR_MISMATCH', (d) => (d.anchors[0].witnesses = [])),
  'a statement left out': document('EXHIBIT_MEMBER_UNKNOWN', (d) => (d.anchors = [])),
  'a time-stamp that is named and not there': document(
    'EXHIBIT_MEMBER_MISSING',
    (d) => (d.anchors[0].tsa = 'http://tsa.example/'),
  ),
  'the file of what a witness saw': file('EXHIBIT_MEMBER_ALTERED', 'data/anchors/1/checkpoint', (old) =>
    old.replace('\n3\n', '\n2\n'),
  ),
  'the time of a cosignature': {
    code: 'EXHIBIT_ANCHOR_MISMATCH',
    change: (all) =>
      withFittingSums(
        withPage(
          all.map((one) =>
            one.name === 'data/anchors/1/checkpoint'
              ? { ...one, bytes: bytes(laterCosignature(Buffer.from(one.bytes).toString())) }
              : edited(one, (d) => (d.anchors[0].checkpoint = laterCosignature(d.anchors[0].checkpoint))),
          ),
        ),
      ),
  },
  'bytes after the ZIP': { code: 'EXHIBIT_MALFORMED', change: (all) => all },
};

/** Every kind, by name. `bytes after the ZIP` is done to the file and not to a member. */
export const mutations: Readonly<Record<string, Mutation>> = {
  ...Object.fromEntries(
    Object.entries(REASONS).map(([name, code]) => [name, { code, change: exhibitChanges[name] as Mutation['change'] }]),
  ),
  ...more,
};
