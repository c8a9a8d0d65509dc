import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CustodyError } from '@custody/bytes';
import { checkViews, readZip, verifyExhibit } from '@custody/exhibit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bagOf } from './bag-of.ts';
import { verifySignature } from './chain-ports.ts';
import { ChromiumPage, chromium } from './chromium.ts';
import { writePlainZip, type ZipMember } from './e2e/plain-zip.ts';
import { mutations } from './exhibit-mutations.ts';
import { logKey, otherKey, syntheticExhibit } from './synthetic-exhibit.ts';

const IS_LONG = process.env.CUSTODY_LONG === '1';
const folder = mkdtempSync(join(tmpdir(), 'custody-mutations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { document, raw } = syntheticExhibit();
const good: ZipMember[] = [...bagOf(document, raw)].map(([name, bytes]) => ({ name, bytes }));
const names = Object.keys(mutations);
const expected = Object.fromEntries(names.map((name) => [name, mutations[name]?.code]));
const path = (name: string) => join(folder, `${names.indexOf(name)}.zip`);

beforeAll(() => {
  writeFileSync(join(folder, 'good.zip'), writePlainZip(good));
  for (const name of names) {
    const zip = writePlainZip(mutations[name]?.change(good) ?? []);
    writeFileSync(path(name), name === 'bytes after the ZIP' ? Buffer.concat([zip, Buffer.from('more')]) : zip);
  }
});

/** What `custody verify` does, for the build that made the synthetic exhibit. */
async function command(file: string, verifierKey?: string): Promise<string> {
  try {
    const trust = { verify: verifySignature, ...(verifierKey !== undefined && { verifierKey }) };
    const verified = verifyExhibit(await readZip(file), trust);
    checkViews(verified.document, verified.payload, 'b');
    return 'ok';
  } catch (error) {
    if (error instanceof CustodyError) return error.code;
    throw error;
  }
}

describe(`${names.length} kinds of altered exhibits, each refused for its reason`, () => {
  it('are sixty kinds or more', () => expect(names.length).toBeGreaterThanOrEqual(60));

  it('by custody verify', async () => {
    expect(await command(join(folder, 'good.zip'), logKey)).toBe('ok');
    expect(await command(join(folder, 'good.zip'), otherKey)).toBe('CHECKPOINT_SIGNATURE_MISSING');
    const found: Record<string, string> = {};
    for (const name of names) found[name] = await command(path(name), logKey);
    expect(found).toEqual(expected);
  });

  it('by verify.py, with Python alone', ({ skip }) => {
    if (spawnSync('python3', ['--version']).status !== 0) skip('python3 is not installed');
    const program = fileURLToPath(new URL('../packages/exhibit/src/verify.py', import.meta.url));
    writeFileSync(join(folder, 'verify.py'), readFileSync(program));
    // One process for all: each file is verified as by a command of its own.
    const script = `import sys; sys.path.insert(0, ${JSON.stringify(folder)}); import verify
for line in sys.stdin:
    path, key = line.rstrip("\\n").split("\\t")
    try: verify.verify(path, key); print("ok")
    except verify.Refused as error: print(error.args[0])`;
    const jobs = [
      ...[`${join(folder, 'good.zip')}\t${logKey}`, `${join(folder, 'good.zip')}\t${otherKey}`],
      ...names.map((name) => `${path(name)}\t${logKey}`),
    ];
    const output = execFileSync('python3', ['-I', '-c', script], { input: `${jobs.join('\n')}\n`, encoding: 'utf8' });
    const [pinned, other, ...codes] = output.trimEnd().split('\n');
    expect([pinned, other]).toEqual(['ok', 'CHECKPOINT_SIGNATURE_MISSING']);
    expect(Object.fromEntries(names.map((name, i) => [name, codes[i]]))).toEqual(expected);
  });

  it('by the page in a real Chromium', async ({ skip }) => {
    if (chromium === undefined) skip('chromium is not installed');
    const page = join(folder, 'exhibit.html');
    writeFileSync(page, good.find(({ name }) => name === 'data/exhibit.html')?.bytes ?? '');
    const browser = await ChromiumPage.start();
    try {
      await browser.open(page);
      await browser.until("document.body.dataset.state === 'self-asserted'");
      const choose = async (file: string) => {
        await browser.value(
          "document.getElementById('zip').dataset.state = 'waiting'; document.getElementById('file').value = ''",
        );
        await browser.choose('#file', file);
        await browser.until("!['waiting', 'checking'].includes(document.getElementById('zip').dataset.state)");
        return browser.value<string>(
          "document.getElementById('zip').dataset.code ?? document.getElementById('zip').dataset.state",
        );
      };
      expect(await choose(join(folder, 'good.zip'))).toBe('self-asserted');
      await browser.value(`document.getElementById('key').value = ${JSON.stringify(logKey)}`);
      expect(await choose(join(folder, 'good.zip'))).toBe('pinned');
      const chosen = IS_LONG ? names : names.filter((_, i) => i % 4 === 0);
      const found: Record<string, string> = {};
      for (const name of chosen) found[name] = await choose(path(name));
      expect(found).toEqual(Object.fromEntries(chosen.map((name) => [name, expected[name]])));
    } finally {
      await browser.close();
    }
  });
});
