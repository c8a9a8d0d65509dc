import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { verifyExhibitFile } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChromiumPage, chromium } from '../chromium.ts';
import { changeAt, edit, exhibitChanges, replace, scalarsOf } from './exhibit-changes.ts';
import { fixtureDatabase } from './hostile-captures.ts';
import { Lab, type ListedItem } from './lab.ts';
import { readPlainZip, withFittingSums, writePlainZip, type ZipMember } from './plain-zip.ts';

const lab = new Lab('exhibit');
let path = '';
let key = '';
let exhibit = '';
let members: ZipMember[] = [];
let shown: ListedItem[] = [];

/** Text that must be shown and never obeyed. */
const HOSTILE = [
  '<script>alert(1)</script><img src=x onerror=alert(2)>',
  '\u202egnp.exe\u202c \u2066hidden\u2069 \u200fmark',
  '\u001b[31mred\u001b]0;title\u0007 \u009b2J',
  '"><svg/onload=alert(3)>&lt;b&gt;\'`',
];

beforeAll(async () => {
  path = await lab.newCase('case', '--title', 'A <b>case</b>');
  const capture = lab.path('msgstore.db');
  writeFileSync(capture, fixtureDatabase());
  const db = new DatabaseSync(capture);
  const within =
    'SELECT _id FROM message WHERE timestamp >= ? AND timestamp < ? AND message_type = 0 AND chat_row_id = ?';
  const chat = db.prepare('SELECT chat_row_id FROM message GROUP BY chat_row_id ORDER BY count(*) DESC').get();
  const [from, to] = [Date.UTC(2024, 2, 2), Date.UTC(2024, 4, 30)];
  const rows = db.prepare(within).all(from, to, Number(chat?.chat_row_id));
  expect(rows.length).toBeGreaterThanOrEqual(HOSTILE.length);
  HOSTILE.forEach((text, i) => {
    db.prepare('UPDATE message SET text_data = ? WHERE _id = ?').run(text, Number(rows[i]?._id));
  });
  db.close();
  await lab.ingest(path, capture);
  const items = await lab.lines<ListedItem>('items', '--case', path, '--kind', 'message');
  shown = HOSTILE.map((text) => items.find((item) => item.body === text)).filter((item) => item !== undefined);
  expect(shown.map(({ disposition }) => disposition)).toEqual(HOSTILE.map(() => 'in-scope'));
  key = (await lab.json<{ verifierKey: string }>('status', '--case', path)).verifierKey;
  exhibit = lab.path('exhibit.zip');
  await lab.json('exhibit', '--case', path, ...selection(), '--out', exhibit);
  members = readPlainZip(readFileSync(exhibit));
});
afterAll(() => lab.remove());

function selection(): string[] {
  return ['--items', shown.map(({ index }) => index).join(','), '--context', '2', '--exhibit-ref', 'EX <1>'];
}

function text(name: string): string {
  return Buffer.from(members.find((one) => one.name === `data/${name}`)?.bytes ?? []).toString();
}

describe('an exhibit', () => {
  it('verifies pinned and unpinned, and says which', async () => {
    const pinned = await lab.json<{ verifierKey: { source: string }; checked: { items: number } }>(
      'verify',
      exhibit,
      '--verifier-key',
      key,
    );
    expect(pinned.verifierKey.source).toBe('pinned');
    expect(pinned.checked.items).toBeGreaterThan(HOSTILE.length);
    const own = await lab.json<{ verifierKey: { source: string }; notChecked: string[] }>('verify', exhibit);
    expect(own.verifierKey.source).toBe('self-asserted');
    expect(own.notChecked.join()).toContain('--verifier-key');
  });

  it('under another key than the one the reader trusts is refused', async () => {
    const other = (await lab.json<{ verifierKey: string }>('init', '--case', lab.path('other'))).verifierKey;
    expect((await lab.run('verify', exhibit, '--verifier-key', other)).code).toBe(3);
  });

  it('made again with the same --at is the same bytes, whatever happened since', async () => {
    const { size } = await lab.json<{ size: number }>(
      'exhibit',
      '--case',
      path,
      ...selection(),
      '--out',
      lab.path('b.zip'),
    );
    await lab.lines('items', '--case', path, '--kind', 'call');
    await lab.json('exhibit', '--case', path, ...selection(), '--at', String(size), '--out', lab.path('c.zip'));
    expect(readFileSync(lab.path('b.zip')).equals(readFileSync(exhibit))).toBe(true);
    expect(readFileSync(lab.path('c.zip')).equals(readFileSync(exhibit))).toBe(true);
  });

  it('never replaces a file', async () => {
    const before = readFileSync(exhibit);
    expect((await lab.run('exhibit', '--case', path, ...selection(), '--out', exhibit)).code).toBe(1);
    expect(readFileSync(exhibit).equals(before)).toBe(true);
  });

  it('stands without custody: unzip and sha256sum agree', ({ skip }) => {
    if (spawnSync('unzip', ['-v']).error !== undefined) skip('unzip is not installed');
    const folder = lab.path('unzipped');
    mkdirSync(folder);
    execFileSync('unzip', ['-q', exhibit, '-d', folder]);
    const output = ['manifest-sha256.txt', 'tagmanifest-sha256.txt'].map((list) =>
      execFileSync('sha256sum', ['-c', '--strict', list], { cwd: folder, encoding: 'utf8' }),
    );
    expect(output.join('').trim().split('\n')).toHaveLength(members.length - 1);
  });

  it('carries hostile text as data that no HTML can be read out of', () => {
    const page = text('exhibit.html');
    expect(page).not.toMatch(/<img src|<svg|onerror=alert\(2\)>|<b>case|EX <1>|<script>alert/i);
    expect(page.match(/<script/g)).toHaveLength(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(page).toMatch(/Content-Security-Policy/i);
    expect(page).not.toMatch(/https?:\/\/[^"' ]+\.(js|css)|<link|<iframe|javascript:/i);
  });

  it('shows hostile text and obeys none of it, in a real Chromium', async ({ skip }) => {
    if (chromium === undefined) skip('chromium is not installed');
    const file = lab.path('exhibit.html');
    writeFileSync(file, text('exhibit.html'));
    const browser = await ChromiumPage.start();
    try {
      await browser.open(file);
      await browser.until("document.body.dataset.state === 'self-asserted'");
      const dom = await browser.value<string>('document.getElementById("page").innerHTML');
      expect(dom).not.toMatch(/<script|<img|<svg|<b>case|EX <1>/i);
      expect(dom).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
      expect(dom).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
      expect(browser.requested.filter((url) => !url.startsWith('file:'))).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it('on a terminal hostile text is shown as escapes', async () => {
    const { stdout } = await lab.run('items', '--case', path, '--kind', 'message');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(stdout).toContain('\\u001b[31mred');
  });
});

describe('redaction', () => {
  it('withholds the field and everything that carries it, and still verifies', async () => {
    const out = lab.path('redacted.zip');
    await lab.json('exhibit', '--case', path, ...selection(), '--redact', 'body', '--out', out);
    const bytes = readFileSync(out);
    for (const { body } of shown) {
      expect(bytes.includes(Buffer.from(body ?? ''))).toBe(false);
      expect(bytes.includes(Buffer.from(body ?? '').toString('hex'))).toBe(false);
      expect(
        bytes.includes(
          Buffer.from(body ?? '')
            .toString('base64')
            .slice(0, -4),
        ),
      ).toBe(false);
    }
    expect(readPlainZip(bytes).filter(({ name }) => name.startsWith('data/raw/'))).toEqual([]);
    const verdict = await lab.json<{ checked: { withheldFields: number } }>('verify', out, '--verifier-key', key);
    expect(verdict.checked.withheldFields).toBeGreaterThanOrEqual(2 * HOSTILE.length);
  });

  it('of a field that does not exist is a usage error', async () => {
    const out = lab.path('nothing.zip');
    const { code } = await lab.run('exhibit', '--case', path, ...selection(), '--redact', 'bodi', '--out', out);
    expect({ code, made: existsSync(out) }).toEqual({ code: 1, made: false });
  });
});

describe('an exhibit that somebody changed', () => {
  it.each(Object.keys(exhibitChanges))('%s: refused', async (name) => {
    const changed = exhibitChanges[name]?.(members) ?? [];
    const file = lab.path('changed.zip');
    writeFileSync(file, writePlainZip(changed));
    const verdict = await verifyExhibitFile(file, key);
    expect(verdict.ok).toBe(false);
    expect(verdict.failures).toHaveLength(1);
  });

  it('in any one value of the document: refused, as every value is proven or compared with the page', async () => {
    const document = JSON.parse(text('exhibit.json')) as object;
    const accepted = new Set<string>();
    const file = lab.path('value.zip');
    let tried = 0;
    for (const at of scalarsOf(document)) {
      const copy = structuredClone(document);
      changeAt(copy, at);
      const changed = replace('exhibit.json', () => Buffer.from(`${JSON.stringify(copy, null, 1)}\n`))(members);
      writeFileSync(file, writePlainZip(withFittingSums(changed)));
      if ((await verifyExhibitFile(file, key)).ok) accepted.add(at.filter((part) => !/^\d+$/.test(part)).join('.'));
      tried++;
    }
    expect(tried).toBeGreaterThan(300);
    // The build is told apart (see below); how many records a limit concerns is the producer's word and not on the page.
    accepted.delete('completeness.limits.records');
    expect([...accepted]).toEqual(['tool.build']);
  });

  it('written again by another program with nothing changed still verifies', async () => {
    const file = lab.path('again.zip');
    writeFileSync(file, writePlainZip(withFittingSums(members)));
    expect(await verifyExhibitFile(file, key)).toMatchObject({ ok: true, page: 'agrees' });
  });

  it('a page of another build is not compared, and the verdict says so first', async () => {
    const file = lab.path('other-build.zip');
    const other = edit((document) => {
      document.tool.build = '0'.repeat(64);
    });
    const forged = replace('exhibit.html', () => Buffer.from('<h1>He did it</h1>'));
    writeFileSync(file, writePlainZip(withFittingSums(forged(other(members)))));
    const verdict = await verifyExhibitFile(file, key);
    expect(verdict).toMatchObject({ ok: true, page: 'not compared: made by another build' });
    expect(verdict.ok && verdict.notChecked[0]).toContain('THE PAGE IS NOT PROVEN');
  });

  it('cut anywhere, or no ZIP at all: exit 3 and one line', async () => {
    const whole = readFileSync(exhibit);
    for (const [i, bytes] of [
      whole.subarray(0, -30),
      whole.subarray(100),
      Buffer.alloc(0),
      Buffer.alloc(99),
    ].entries()) {
      const file = lab.path(`cut-${i}.zip`);
      writeFileSync(file, bytes);
      const { ok } = await verifyExhibitFile(file, key);
      expect(ok).toBe(false);
    }
    const { code, stdout, stderr } = await lab.run('verify', lab.path('cut-0.zip'));
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  it('makes the command exit 3', async () => {
    const file = lab.path('command.zip');
    writeFileSync(file, writePlainZip(exhibitChanges['a value of an item']?.(members) ?? []));
    const { code, stdout } = await lab.run('verify', file, '--verifier-key', key, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, failures: [{ code: 'EXHIBIT_ITEM_MISMATCH' }] });
  });
});

describe('the act of disclosing', () => {
  it('is recorded with the hash of the file', async () => {
    const log = await lab.lines<{ kind: string; subject: { sha256: string } }>('log', '--case', path);
    const disclosed = log.filter(({ kind }) => kind === 'disclose').map(({ subject }) => subject.sha256);
    const sum = execFileSync('sha256sum', [exhibit], { encoding: 'utf8' }).slice(0, 64);
    expect(disclosed).toContain(sum);
  });
});
