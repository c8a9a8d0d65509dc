import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAuthority } from './add-authority.ts';
import { createCase } from './create-case.ts';
import { ingest } from './ingest.ts';
import { mergeIndex } from './merge-index.ts';
import { type Case, openCase } from './open-case.ts';
import { loadOrCreatePerson } from './person.ts';
import { type LeftOut, type QueryLine, queryCase, selectByIndex } from './query-case.ts';
import { caseStatus } from './status.ts';

/** The clock of a phone, of no stated zone. */
const CHAT = `30/12/2025, 21:05 - Ash: first kestrel
31/12/2025, 12:00 - Birch: second kestrel
15/06/2026, 12:00 - Ash: third kestrel
01/01/2027, 20:00 - Ash: fourth kestrel
`;
const SIMS = 'iccid,msisdn\n8944000000000000017,+447700900001\n';
const WARRANT = {
  ...{ id: 'W', reference: 'R', issuedBy: 'C', jurisdiction: 'NL', legalBasis: 'x' },
  ...{ validFrom: '2025-01-01', validTo: '2028-01-01', scope: { period: { from: '2025-12-30', to: '2026-12-31' } } },
};
const receipt = { supplierHash: null, receivedFrom: null, acquiredAt: null, exhibitRef: null, sealNumber: null };

let folder = '';
let opened: Case;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-bounded-'));
  const person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  opened = await createCase(join(folder, 'case'), { person, title: 'bounds', recipients: [] });
  await addAuthority(opened, JSON.stringify(WARRANT));
  for (const [name, text] of Object.entries({ 'WhatsApp Chat with Birch.txt': CHAT, 'sims.csv': SIMS })) {
    await writeFile(join(folder, name), text);
    await ingest(opened, join(folder, name), { authority: 'W', keys: [], receipt, threads: 1 });
  }
  opened = await openCase(join(folder, 'case'), { person });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (day: string) => Date.parse(`${day}T00:00:00Z`);

async function ask(from: string, to: string): Promise<{ lines: QueryLine[]; left: LeftOut }> {
  const lines: QueryLine[] = [];
  const left = { undated: 0 };
  for await (const line of queryCase(opened, { text: 'kestrel', from: at(from), to: at(to) }, left)) lines.push(line);
  return { lines, left };
}

describe('times of no stated zone', () => {
  it('are decided where every zone gives the same answer, and wait where not', () => {
    const totals = caseStatus(opened).captures.map(({ derivations }) => derivations[0]?.totals);
    expect(totals[0]).toMatchObject({ inScope: 3, outOfScope: 1, undecided: 0 });
    expect(totals[1]).toMatchObject({ inScope: 1, undecided: 0 });
  });

  it.each(['before', 'after'])(
    'are found in a period that holds their bounds, else counted: %s merging',
    async (when) => {
      if (when === 'after') await mergeIndex(opened);
      const whole = await ask('2025-12-29', '2026-07-01');
      expect(whole.lines.map(({ snippet }) => snippet)).toEqual(['first kestrel', 'second kestrel', 'third kestrel']);
      expect(whole.lines[1]).toMatchObject({
        utc: null,
        within: { from: '2025-12-30T22:00:00.000Z', to: '2026-01-01T00:01:00.000Z' },
      });
      expect(whole.left.undated).toBe(0);
      const cut = await ask('2025-12-31', '2026-07-01');
      expect(cut.lines.map(({ snippet }) => snippet)).toEqual(['third kestrel']);
      expect(cut.left.undated).toBe(2);
      expect((await ask('2026-02-01', '2026-03-01')).left.undated).toBe(0);
      const selected = await selectByIndex(opened, { text: 'kestrel', from: at('2026-06-01'), to: at('2026-07-01') });
      expect(selected).toEqual([whole.lines[2]?.index]);
    },
  );
});
