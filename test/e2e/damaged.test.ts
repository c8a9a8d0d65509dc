import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FindingJson, listFindings, loadPerson, openCase } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLines } from '../run-custody.ts';
import { writeBomb, writeLoopedDatabase } from './hostile-captures.ts';
import { addsUp, envelope, type Ingested, Lab, type ListedItem, whatsApp } from './lab.ts';

const lab = new Lab('damaged');
let path = '';

beforeAll(async () => {
  path = await lab.newCase();
});
afterAll(() => lab.remove());

interface Outcome {
  readonly code: number;
  readonly result: Ingested;
  /** Codes of class lost and doubt, each once, sorted. */
  readonly adverse: readonly string[];
}

/** One capture into the case, with the findings of its derivation. */
async function take(capture: string, keys?: string, ...flags: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await lab.run(...lab.ingestArgs(path, capture, keys), ...flags, '--json');
  expect(stderr).toBe('');
  const [result] = readLines<Ingested>(stdout) as [Ingested];
  expect(addsUp(result)).toBe(true);
  const own = (await findingsOf(result.capture)).filter((finding) => finding.derivation === result.derivation);
  expect(own).toHaveLength(result.findings);
  const adverse = own.filter((finding) => finding.class !== 'note').map((finding) => finding.code);
  return { code, result, adverse: [...new Set(adverse)].sort() };
}

async function findingsOf(capture: string): Promise<FindingJson[]> {
  const opened = await openCase(path, { person: await loadPerson(lab.identity) });
  const findings: FindingJson[] = [];
  for await (const finding of listFindings(opened, { all: true, capture })) findings.push(finding);
  return findings;
}

describe('a damaged WhatsApp backup', () => {
  it.each(['crypt12', 'crypt14', 'crypt15'])('%s: truncated, altered, with an unreadable page', async (kind) => {
    const damaged = (name: string) => take(join(whatsApp, 'damaged', `${name}.db.${kind}`));
    expect(await damaged('truncated')).toMatchObject({ code: 6, adverse: ['TRUNCATED'] });
    expect(await damaged('bit-flip')).toMatchObject({ code: 6, adverse: ['KEY_PROVEN_THEN_DAMAGE'] });
    const page = await damaged('page');
    expect(page.code).toBe(2);
    expect(page.adverse).toContain('PAGE_DAMAGED');
    expect(page.result.items).toBeGreaterThan(200);
    const without = await damaged('without-md5');
    expect(without).toMatchObject({ code: 0, adverse: [] });
  });
});

describe('a damaged envelope dump', () => {
  it.each(['ndjson', 'csv'])('%s: each record that cannot be read is named, the others are there', async (kind) => {
    const damaged = await take(join(envelope, 'damaged', `damaged.${kind}`));
    expect(damaged.code).toBe(2);
    const codes = ['AUTHENTICATION_FAILED', 'DUPLICATE', 'KEY_MISSING', 'RECORD_MALFORMED', 'SEQUENCE_GAP'];
    expect(damaged.adverse).toEqual(codes);
    expect(damaged.result.lost).toBe(3);
    const truncated = await take(join(envelope, 'damaged', `truncated.${kind}`));
    expect(truncated).toMatchObject({ code: 2, adverse: ['TRUNCATED'], result: { lost: 1 } });
  });
});

describe('the wrong key', () => {
  it('loses nothing, and the right one makes a derivation that supersedes', async () => {
    const capture = join(whatsApp, 'msgstore.db.crypt14');
    const none = await take(capture, join(envelope, 'keyring.json'));
    expect(none).toMatchObject({ code: 6, adverse: ['KEY_MISSING'], result: { known: false } });
    const wrong = await take(capture, join(whatsApp, 'wrong-key'));
    expect(wrong).toMatchObject({ code: 6, adverse: ['KEY_NOT_VERIFIED'], result: { known: true, repeated: false } });
    const right = await take(capture);
    expect(right).toMatchObject({ code: 0, adverse: [], result: { known: true, repeated: false } });
    expect(right.result.derivation).toBeGreaterThan(wrong.result.derivation);
    const again = await take(capture);
    expect(again.result).toEqual({ ...right.result, repeated: true, checkpoint: again.result.checkpoint });
  });

  it('does not take the place of the right one afterwards', async () => {
    const capture = join(envelope, 'dump.ndjson');
    const right = await take(capture);
    expect(right).toMatchObject({ code: 0, result: { items: 412 } });
    const wrong = await take(capture, join(envelope, 'wrong-keyring.json'));
    // Devices are not encrypted: they decode under any key.
    expect(wrong).toMatchObject({ code: 2, result: { lost: 400, items: 12 } });
    expect(wrong.adverse).toContain('KEY_NOT_VERIFIED');
    const items = await lab.lines<ListedItem>('items', '--case', path, '--capture', right.result.capture);
    expect(items).toHaveLength(412);
    expect(new Set(items.map((item) => item.derivation))).toEqual(new Set([right.result.derivation]));
  });
});

describe('what is no capture', () => {
  it('an empty file, noise: kept sealed, FORMAT_UNKNOWN, exit 6', async () => {
    const empty = lab.path('empty.db');
    writeFileSync(empty, '');
    const noise = lab.path('noise.crypt15');
    writeFileSync(noise, randomBytes(70_000));
    expect(await take(empty)).toMatchObject({ code: 6, adverse: ['FORMAT_UNKNOWN'] });
    const { code, adverse } = await take(noise);
    expect({ code, adverse }).toEqual({ code: 6, adverse: ['FORMAT_UNKNOWN'] });
    expect((await lab.run('detect', noise)).code).toBe(6);
  });

  it('a backup under another name is recognised by its bytes, also as the capture it is', async () => {
    const renamed = lab.copyFile(join(whatsApp, 'msgstore.db.crypt15'), 'holiday.jpg');
    const first = await take(renamed);
    expect(first).toMatchObject({ code: 0, result: { format: 'whatsapp-crypt15', known: false } });
    const second = await take(join(whatsApp, 'msgstore.db.crypt15'));
    expect(second.result).toMatchObject({ capture: first.result.capture, known: true, repeated: true });
  });

  it('a folder is a capture; links in it are named and not followed', async () => {
    const folder = lab.path('dump-of-a-phone');
    mkdirSync(join(folder, 'Databases'), { recursive: true });
    writeFileSync(join(folder, 'notes.txt'), 'not a chat');
    lab.copyFile(join(whatsApp, 'msgstore.db.crypt12'), 'dump-of-a-phone/Databases/msgstore.db.crypt12');
    symlinkSync('/etc/hostname', join(folder, 'link'));
    const { code, result } = await take(folder);
    expect(code).toBe(0);
    expect(result.items).toBe(273);
    const told = (await findingsOf(result.capture))
      .filter((finding) => finding.code === 'NOT_COVERED')
      .map(({ locator }) => locator?.path);
    expect(told).toEqual(expect.arrayContaining(['link', 'notes.txt']));
    expect((await take(folder)).result).toMatchObject({ known: true, repeated: true, capture: result.capture });
  });

  it.each([
    ['/dev/null', 'neither a file nor a directory'],
    ['no-such-file', 'there is no such file'],
  ])('%s: one line, exit 1, nothing recorded', async (name, why) => {
    const before = readdirSync(join(path, 'log/commit'));
    const { code, stdout, stderr } = await lab.run(...lab.ingestArgs(path, name));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(why)]);
    expect(readdirSync(join(path, 'log/commit'))).toEqual(before);
  });
});

describe('hostile captures', () => {
  it('a backup that unpacks without end is stopped at the limit', async () => {
    const bomb = lab.path('bomb.db.crypt15');
    const key = await writeBomb(bomb, 420 * 2 ** 20, 99);
    const keyring = lab.path('bomb-keys.json');
    writeFileSync(keyring, JSON.stringify({ keys: [{ for: 'whatsapp-crypt15', hex: key }] }));
    expect(await take(bomb, keyring)).toMatchObject({ code: 6, adverse: ['LIMIT_EXCEEDED'], result: { lost: null } });
  });

  it('a table that leads back to itself costs what hangs on it, and ends', async () => {
    const looped = lab.path('msgstore.db');
    writeLoopedDatabase(looped);
    const { code, adverse, result } = await take(looped);
    expect(code).toBe(2);
    expect(adverse).toContain('PAGE_DAMAGED');
    expect(result.format).toBe('whatsapp-msgstore');
    expect(result.items).toBeGreaterThan(0);
  });

  it.each([
    ['a header of 2 GiB', 'ffffffff07'],
    ['a length of ten bytes', 'ffffffffffffffffff01'],
    ['a header longer than the file', 'e0ff07'],
  ])('%s is refused without memory for it', async (_name, prefix) => {
    const huge = lab.path(`huge-${prefix}.db.crypt15`);
    const rest = readFileSync(join(whatsApp, 'msgstore.db.crypt15')).subarray(1);
    writeFileSync(huge, Buffer.concat([Buffer.from(prefix, 'hex'), rest]));
    const { code, adverse } = await take(huge, undefined, '--format', 'whatsapp-crypt15');
    expect(code).toBe(6);
    expect(adverse).toHaveLength(1);
    expect(['FORMAT_UNKNOWN', 'UNSUPPORTED_VERSION', 'TRUNCATED']).toContain(adverse[0]);
  });

  it('a keyring that is none, or whose key is too short, is a usage error and shows no key', async () => {
    const keyring = lab.path('short.json');
    writeFileSync(keyring, JSON.stringify({ keys: [{ for: 'whatsapp-crypt15', hex: 'c0ffee5ec2e7' }] }));
    const { code, stderr } = await lab.run(
      ...lab.ingestArgs(path, join(whatsApp, 'damaged/without-md5.db.crypt15'), keyring),
    );
    expect(code).toBe(1);
    expect(stderr).not.toContain('c0ffee5ec2e7');
    expect(stderr).toContain('short.json: keys[0]: "hex" holds 6 bytes');
  });
});

describe('after all of that', () => {
  it('the case verifies, and every count adds up', async () => {
    expect((await lab.run('verify', path)).code).toBe(0);
    const { captures } = await lab.json<{
      captures: { derivations: { addsUp: boolean | 'unknown'; totals: { lost: number | null } }[] }[];
    }>('status', '--case', path);
    expect(captures.length).toBeGreaterThan(15);
    for (const { addsUp: sum, totals } of captures.flatMap(({ derivations }) => derivations)) {
      expect(sum).toBe(totals.lost === null ? 'unknown' : true);
    }
  });
});
