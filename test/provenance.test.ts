import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Case,
  decide,
  exportProvenance,
  expunge,
  listItems,
  loadOrCreatePerson,
  makeExhibit,
  rotateLogKey,
} from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseViolations } from '../packages/exchange/src/testing/case-shapes.ts';
import { fixtureCase, ingestFixture } from './fixture-case.ts';
import { describeWithShared } from './shared-folder.ts';

interface Node {
  readonly '@id': string;
  readonly '@type': string | readonly string[];
  readonly [name: string]: unknown;
}

const folder = mkdtempSync(join(tmpdir(), 'custody-test-prov-'));
let opened: Case;
let graph: Node[] = [];
const out = join(folder, 'prov');

beforeAll(async () => {
  const details = { name: 'A. Example \u0001', role: 'examiner', organisation: 'Lab of Example' };
  const person = await loadOrCreatePerson(details, join(folder, 'identity.txt'));
  opened = await fixtureCase(join(folder, 'case'), person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  const inScope: number[] = [];
  for await (const one of listItems(opened, { reason: 'a look' }))
    if (one.disposition === 'in-scope') inScope.push(one.index);
  const [first = 0, second = 0, third = 0] = inScope;
  const exhibit = { context: 0, redact: [], selection: [], out: join(folder, 'exhibit.zip'), exhibitRef: 'E-1' };
  await makeExhibit(opened, { ...exhibit, items: [first] });
  await decide(opened, { items: [second], privilege: 'suspected', rule: 'section 53', reason: 'a physician' });
  const order = { id: 'O-1', reference: 'r', issuedBy: 'Court of Example', reason: 'ordered', mode: 'derived' };
  await expunge(opened, JSON.stringify({ ...order, items: [third] }));
  await expect(makeExhibit(opened, { ...exhibit, items: [third], out: `${out}.zip` })).rejects.toThrow(/refused/);
  await rotateLogKey(opened, 'yearly');
  const { size } = opened.ledger;
  expect(await exportProvenance(opened, { out, reason: 'asked for by the defence' })).toMatchObject({
    size,
    events: size,
  });
  graph = (JSON.parse(readFileSync(join(out, 'provenance.jsonld'), 'utf8')) as { '@graph': Node[] })['@graph'];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const actions = () => graph.filter((node) => node['@type'].includes('prov:Activity'));
const named = (name: string) => actions().filter((node) => node['uco-core:name'] === name);

describe('the provenance export', () => {
  it('has every event once, in order, with performer, tool and time', () => {
    const { entries } = opened.ledger;
    expect(actions()).toHaveLength(entries.length - 1);
    actions().forEach((node, i) => {
      expect(node['uco-action:startTime']).toMatchObject({ '@value': new Date(entries[i]?.time ?? 0).toISOString() });
      expect(node['uco-action:performer'] && node['uco-action:instrument']).toBeTruthy();
      expect((node['prov:wasInformedBy'] as Node | undefined)?.['@id']).toBe(actions()[i - 1]?.['@id']);
    });
    const ids = graph.map((node) => node['@id']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tells intake, derivation, look, disclosure, decision, expungement, refusal and key act apart', () => {
    const names = [
      'intake',
      'derive',
      'access: items',
      'disclose',
      'dispose: decide',
      'expunge: order',
      'refuse: exhibit',
    ];
    for (const name of [...names, 'key: log-succession']) expect(named(name).length, name).toBeGreaterThan(0);
    expect(named('refuse: exhibit')[0]?.['uco-action:actionStatus']).toBe('Fail');
    expect(named('dispose: decide')[0]?.['uco-core:description']).toContain('a physician');
    const first = (name: string, property: string) => (named(name)[0]?.[property] as Node[] | undefined)?.[0]?.['@id'];
    expect(first('derive', 'prov:used')).toBe(first('intake', 'prov:generated'));
  });

  it('is a disclosure in the log, and its sums agree', () => {
    expect(opened.ledger.entries.at(-1)?.kind).toBe('disclose');
    execFileSync('sha256sum', ['--quiet', '-c', 'manifest-sha256.txt'], { cwd: out });
  });
});

describeWithShared('the provenance export against the shapes of CASE 1.4.0', (shared) => {
  const ontology = `${shared}/schemas/case-1.4.0.ttl`;

  it('conforms, and would be caught where it does not', async () => {
    const document = JSON.parse(readFileSync(join(out, 'provenance.jsonld'), 'utf8')) as { '@graph': Node[] };
    expect(await caseViolations(ontology, document)).toEqual([]);
    Object.assign(document['@graph'].find((node) => node['@type'].includes('prov:Activity')) as Node, {
      'uco-action:startTime': { '@type': 'xsd:dateTime', '@value': 'yesterday' },
    });
    expect(await caseViolations(ontology, document)).toEqual([expect.stringContaining('startTime')]);
  });
});
