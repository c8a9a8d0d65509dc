import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAuthority } from '../add-authority.ts';
import { createCase } from '../create-case.ts';
import { ingest } from '../ingest.ts';
import { type Case, openCase } from '../open-case.ts';
import { loadOrCreatePerson } from '../person.ts';
import { cueNear } from './amount-cues.ts';
import type { ReportLine } from './report-line.ts';
import { telecomReport } from './telecom-report.ts';

const HEAD = 'from,to,text,sent_utc\n';
const OWED = '+447700900555,+447700900001,he owes me 5k euros for 2 kg,2025-05-01 11:00\n';
const FILES = {
  'a/sms.csv': `${HEAD}${OWED}+447700900001,+447700900555,ik heb €1.250 betaald,2025-05-02 11:00\n`,
  // The other telephone has the first message too.
  'b/sms.csv': `${HEAD}${OWED}+447700900001,+447700900555,price is £900,2025-05-03 11:00\n`,
};
const WARRANT = {
  ...{ id: 'W', reference: 'R', issuedBy: 'C', jurisdiction: 'NL', legalBasis: 'x' },
  ...{ validFrom: '2025-01-01', validTo: '2027-01-01', scope: { period: { from: '2020-01-01', to: '2027-01-01' } } },
};
const receipt = { supplierHash: null, receivedFrom: null, acquiredAt: null, exhibitRef: null, sealNumber: null };

let folder = '';
let opened: Case;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-amounts-'));
  const person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  opened = await createCase(join(folder, 'case'), { person, title: 'amounts', recipients: [] });
  await addAuthority(opened, JSON.stringify(WARRANT));
  for (const [name, text] of Object.entries(FILES)) {
    const path = join(folder, name.replace('/', '-'));
    await writeFile(path, text);
    await ingest(opened, path, { authority: 'W', keys: [], receipt, threads: 1 });
  }
  opened = await openCase(join(folder, 'case'), { person });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function lines(least?: number): Promise<ReportLine[]> {
  const out: ReportLine[] = [];
  const options = least === undefined ? {} : { least };
  for await (const line of telecomReport(opened, 'amounts', options)) out.push(line);
  return out;
}

describe('amounts mentioned in a case', () => {
  it('are given with quote, sender and cue, two copies of a message once, and never added up', async () => {
    const found = await lines();
    const said = found.filter((line) => line.value !== undefined);
    expect(
      said.map(({ value, says, cue, sender, copies, items }) => ({
        value,
        says,
        cue,
        sender,
        copies,
        n: items.length,
      })),
    ).toEqual([
      { value: 'EUR 5000', says: 'mentioned', cue: 'owed', sender: 'phone +447700900555', copies: 2, n: 2 },
      { value: '2 kg', says: 'mentioned', cue: 'owed', sender: 'phone +447700900555', copies: 2, n: 2 },
      { value: 'EUR 1250', says: 'mentioned', cue: 'paid', sender: 'phone +447700900001', copies: 1, n: 1 },
      { value: 'GBP 900', says: 'mentioned', cue: 'offered', sender: 'phone +447700900001', copies: 1, n: 1 },
    ]);
    expect(said[0]?.quote).toBe('he owes me 5k euros for 2 kg');
    const units = found.filter((line) => line.value === undefined);
    expect(units.map(({ unit, messages, least, greatest }) => [unit, messages, least, greatest])).toEqual([
      ['EUR', 2, '1250', '5000'],
      ['GBP', 1, '900', '900'],
      ['kg', 1, '2', '2'],
    ]);
  });

  it('can be limited, each unit for itself', async () => {
    const values = (await lines(1000)).flatMap((line) => line.value ?? []);
    expect(values).toEqual(['EUR 5000', 'EUR 1250']);
  });
});

describe('the cue of an amount', () => {
  it.each([
    ['he owes me 500 euro', '500 euro', 'owed'],
    ['ik heb 500 euro betaald', '500 euro', 'paid'],
    ['Preis: 500 Euro', '500 Euro', 'offered'],
    ['er schuldet, ich habe 500 Euro überwiesen', '500 Euro', 'paid'],
    ['он должен 500 евро', '500 евро', 'owed'],
    ['我欠他五百块', '五百块', 'owed'],
    ['500 euro morgen', '500 euro', null],
  ])('%s', (text, span, cue) => {
    const start = text.indexOf(span);
    expect(cueNear(text, start, start + span.length)?.cue ?? null).toBe(cue);
  });
});
