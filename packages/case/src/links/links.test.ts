import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAuthority } from '../add-authority.ts';
import { createCase } from '../create-case.ts';
import { decide } from '../decide.ts';
import { indexCase } from '../index-case.ts';
import { ingest } from '../ingest.ts';
import { listLog } from '../list-log.ts';
import { type Case, openCase } from '../open-case.ts';
import { loadOrCreatePerson } from '../person.ts';
import { queryCase } from '../query-case.ts';
import { verifyCase } from '../verify-case.ts';
import { canonicalIdentifier } from './canonical-identifier.ts';
import { type LinkLine, type LinksOptions, listLinks } from './list-links.ts';

const FILES = {
  'boxes.csv':
    'box,slot,iccid,imei,seized_utc\nBX-1,1,8944000000000000017,350000001234562,2025-10-10\nBX-1,2,8944000000000000025,35000000123456,2025-10-10\n',
  'sims.csv':
    'iccid,imsi,msisdn,activated_utc\n8944000000000000017,234150000000001,+447700900001,2025-01-01\n8944000000000000017,234150000000002,+44 7700 900001,2025-01-02\n',
  'calls.csv':
    'caller,called,imei,imsi,ip,start_utc,end_utc\n+447700900001,+447700900555,350000001234562,234150000000009,192.0.2.44,2025-05-01 10:00,2025-05-01 10:01\n',
  'sms.csv': 'from,to,text,sent_utc\n+447700900555,+447700900001,call me at +447700900777,2025-05-01 11:00\n',
};
const WARRANT = {
  ...{ id: 'W', reference: 'R', issuedBy: 'C', jurisdiction: 'NL', legalBasis: 'x' },
  ...{ validFrom: '2025-01-01', validTo: '2027-01-01', scope: { period: { from: '2020-01-01', to: '2027-01-01' } } },
};
const receipt = { supplierHash: null, receivedFrom: null, acquiredAt: null, exhibitRef: null, sealNumber: null };

let folder = '';
let opened: Case;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-links-'));
  const person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  opened = await createCase(join(folder, 'case'), { person, title: 'links', recipients: [] });
  await addAuthority(opened, JSON.stringify(WARRANT));
  for (const [name, text] of Object.entries(FILES)) {
    await writeFile(join(folder, name), text);
    await ingest(opened, join(folder, name), { authority: 'W', keys: [], receipt, threads: 1 });
  }
  opened = await openCase(join(folder, 'case'), { person });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function links(options: LinksOptions): Promise<LinkLine[]> {
  const out: LinkLine[] = [];
  for await (const line of listLinks(opened, options)) out.push(line);
  return out;
}

const shown = (lines: readonly LinkLine[]) =>
  lines.map(({ hop, basis, to, items }) => `${hop} ${basis} ${to.type} ${to.value} ${items.join(' ')}`);

describe('a query', () => {
  const asked = async (type: string, value: string) => {
    const out: string[] = [];
    for await (const { index, mentions } of queryCase(opened, { type, value })) {
      for (const { where, tier } of mentions) out.push(`${index} ${where} ${tier}`);
    }
    return out;
  };

  it('finds what the fields of rows state, as links do', async () => {
    expect(await asked('imei', '350000001234562')).toEqual([
      '0 owner metadata',
      '1 owner metadata',
      '4 owner metadata',
    ]);
    expect(await asked('imei', '3500000012345699')).toHaveLength(3);
    expect(await asked('imsi', '234150000000009')).toEqual(['4 metadata metadata']);
    expect(await asked('ip', '192.0.2.44')).toEqual(['4 metadata metadata']);
  });

  it('does not need the index of an earlier version, and "index" takes it away', async () => {
    await opened.vault.create('index/v1/0/5/0-0.words', new Uint8Array([1]));
    await indexCase(opened);
    expect(await opened.vault.info('index/v1/0/5/0-0.words')).toBeNull();
  });
});

describe('links of a case', () => {
  it('give what stands beside a handset, each with its items, and the writer of a text apart', async () => {
    expect(shown(await links({ of: 'imei:350000001234562' }))).toEqual([
      '1 metadata iccid 8944000000000000017 0',
      '1 metadata iccid 8944000000000000025 1',
      '1 metadata imsi 234150000000009 4',
      '1 metadata ip 192.0.2.44 4',
      '1 metadata phone +447700900001 4',
      '1 metadata sim-box BX-1 0 1',
      '1 metadata sim-slot BX-1/1 0',
      '1 metadata sim-slot BX-1/2 1',
    ]);
    expect(shown(await links({ of: '+447700900555' }))).toEqual(['1 mentioned phone +447700900777 5']);
    expect(await links({ of: 'phone:+447700900999' })).toEqual([]);
  });

  it('never tie a caller to whom he called, and never lead on over what somebody wrote', async () => {
    const wide = await links({ of: 'phone:+447700900777', hops: 8 });
    expect(shown(wide)).toEqual(['1 mentioned phone +447700900555 5']);
    const all = await links({ of: 'phone:+447700900001', hops: 8 });
    expect(all.map(({ to }) => to.value)).not.toContain('+447700900555');
  });

  it('have first and last seen, and name what disagrees', async () => {
    const [link] = await links({ of: 'iccid:8944000000000000017', to: 'phone' });
    expect(link).toMatchObject({
      count: 2,
      firstSeen: '2025-01-01T00:00:00.000Z',
      lastSeen: '2025-01-02T00:00:00.000Z',
    });
    const imsis = await links({ of: 'iccid:8944000000000000017', to: 'imsi' });
    expect(imsis.map(({ conflicts }) => conflicts)).toEqual([
      ['iccid 8944000000000000017 also stands beside 1 other imsi: 234150000000002 (item 3)'],
      ['iccid 8944000000000000017 also stands beside 1 other imsi: 234150000000001 (item 2)'],
    ]);
  });

  it('are recorded before they are shown', async () => {
    await links({ of: 'imei:350000001234562', reason: 'to see' });
    let last = '';
    for await (const line of listLog(opened)) last = JSON.stringify(line);
    expect(last).toContain('links');
  });

  it('lose what is decided out of scope, and the index of before is destroyed', async () => {
    await decide(opened, { items: [4], disposition: 'out-of-scope', rule: 'a rule', reason: 'a reason' });
    expect(shown(await links({ of: 'imei:350000001234562', to: 'phone' }))).toEqual([]);
    const stored: number[] = [];
    for await (const { length } of opened.vault.list('index/v2/links/')) stored.push(length);
    expect(stored.filter((length) => length > 0)).toHaveLength(1);
    expect(stored).toContain(0);
    expect((await verifyCase(join(folder, 'case'), { person: opened.person })).failures).toEqual([]);
  });
});

describe('one spelling', () => {
  it.each([
    ['imei', '35-000000-123456', 'imei', '350000001234562'],
    ['imeisv', '3500000012345612', 'imei', '350000001234562'],
    ['iccid', '8944 0000 0000 0000 017F', 'iccid', '8944000000000000017'],
    ['phone', '+44 7700 900001', 'phone', '+447700900001'],
    ['account', 'Telegram:+447700900001', 'account', 'telegram:+447700900001'],
  ])('%s %s', (type, value, asType, asValue) => {
    expect(canonicalIdentifier(type, value)).toEqual({ type: asType, value: asValue });
  });
});
