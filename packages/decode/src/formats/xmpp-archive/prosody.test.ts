import { utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { expect, it } from 'vitest';
import type { ByteSource } from '../../byte-source.ts';
import { decodeAll } from '../../testing/decode-all.ts';
import { decodeCapture } from '../../testing/decode-capture.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { xmppProsodyStore } from './formats.ts';

const item = (id: string, body: string) => `item({
	["attr"] = {
		["from"] = "ann@example.org/x";
		["to"] = "bea@example.org";
		["type"] = "chat";
		["id"] = "i-${id}";
	};
	["name"] = "message";
	["key"] = "${id}";
	["when"] = 1614592800;
	["with"] = "bea@example.org";
	{
		["attr"] = {};
		["name"] = "body";
		"${body}";
	};
});
`;
const FILE = item('k1', 'one \\"quoted\\" (\\226\\156\\148)') + item('k2', 'two ✔');
const run = (text: string | Uint8Array) =>
  decodeCapture(xmppProsodyStore, typeof text === 'string' ? utf8Encode(text) : text, {
    name: 'data/example%2eorg/archive/ann.list',
  });

it('reads preserialised stanzas, with the owner from the path', async () => {
  const { items, counts } = await run(FILE);
  expect(items.map(({ body }) => utf8DecodeLossy(body ?? new Uint8Array()))).toEqual(['one "quoted" (✔)', 'two ✔']);
  expect(items[0]).toMatchObject({
    owner: { value: 'ann@example.org' },
    direction: 'outgoing',
    sentAt: { utc: 1614592800000, precision: 's' },
  });
  expect(counts).toEqual({ records: 2, decoded: 2, lost: 0, notCovered: 0 });
});

it('says where it is cut, and runs nothing', async () => {
  const whole = utf8Encode(FILE);
  const first = FILE.indexOf('});\nitem') + 2;
  for (let end = 12; end < whole.length - 3; end += 9) {
    const { findings, counts } = await run(whole.subarray(0, end));
    if (end <= first || end > first + 8) expect(findings.map(({ code }) => code)).toContain('TRUNCATED');
    expect(counts.lost).toBe(0);
  }
  const code = await run(FILE.replace('1614592800', 'os.exit()'));
  expect(code.findings.map(({ code: one }) => one)).toContain('RECORD_MALFORMED');
  expect(code.counts).toMatchObject({ decoded: 1, lost: 1 });
});

it('pairs the archives of several users of a capture, each record in its own file', async () => {
  const of = (owner: string, peer: string, ids: readonly string[]) => ({
    name: `data/example%2eorg/archive/${owner}.list`,
    bytes: utf8Encode(
      ids.map((id) => item(id, `text ${id}`).replace('["with"] = "bea@', `["with"] = "${peer}@`)).join(''),
    ),
  });
  const files = new Map(
    [of('ann', 'bea', ['k1', 'k2', 'k3']), of('bea', 'ann', ['k1', 'k2'])].map(({ name, bytes }) => [name, bytes]),
  );
  const open = (name: string) => (files.has(name) ? memorySource(files.get(name) as Uint8Array) : null);
  const folder = { names: [...files.keys()], open };
  const name = 'data/example%2eorg/archive/bea.list';
  const decoded = await decodeAll(xmppProsodyStore, { name, source: open(name) as ByteSource, folder });
  expect(
    decoded.items.map(({ locator, direction }) => `${locator.path.slice(-8)} ${locator.row} ${direction}`),
  ).toEqual([
    'ann.list 1 outgoing',
    'ann.list 2 outgoing',
    'ann.list 3 outgoing',
    'bea.list 1 incoming',
    'bea.list 2 incoming',
  ]);
  const [pairs, oneSided] = decoded.findings;
  expect(pairs).toMatchObject({ code: 'DUPLICATE', records: 2, locator: { path: 'data/example%2eorg/archive' } });
  expect(oneSided).toMatchObject({
    ...{ code: 'ONE_SIDED', records: 1 },
    related: [{ path: 'data/example%2eorg/archive/ann.list', row: 3 }],
  });
  const context = { keyring: { keys: [] }, scratch: new MemoryScratch() };
  const plan = await xmppProsodyStore.prepare({ name, source: open(name) as ByteSource, folder }, context);
  expect(plan.covers).toEqual([...files.keys()]);
});
