import { expect, it } from 'vitest';
import { complaintOf, decodeCopy } from '../testing/damage-capture.ts';
import { intactApps } from '../testing/intact-apps.ts';
import type { IntactCapture } from '../testing/intact-capture.ts';
import { intactExports } from '../testing/intact-exports.ts';
import { makeZip, members } from './threema/testing/make-threema.ts';

const captures = [...(await intactApps()), ...intactExports()];

type Change = (bytes: Buffer) => Promise<Uint8Array> | Uint8Array;

const said =
  (from: string, to: string): Change =>
  (bytes) => {
    const text = bytes.toString('latin1');
    expect(text).toContain(from);
    return Buffer.from(text.replaceAll(from, to), 'latin1');
  };
const put =
  (at: number, ...by: readonly number[]): Change =>
  (bytes) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from(by), bytes.subarray(at + by.length)]);
/** Of an SQLite header: versions that writers and readers must know (https://www.sqlite.org/fileformat2.html 1.3.3). */
const sqlite = put(18, 9, 9);
/** The value of the first tag of a keybag, which stands behind its name and length. */
const keybag: Change = (bytes) => put(bytes.indexOf('VERS') + 8, 0, 0, 0, 99)(bytes);
const threema: Change = () =>
  makeZip(members().map(([name, content]) => [name, name === 'settings' ? '"version","999"\n' : content] as const));

/** The first packet of a message, a session key, out of its armour; one, two or five bytes of length stand before its version. */
const sessionKey: Change = (bytes) => {
  const armoured = /\r?\n\r?\n([\s\S]*?)\r?\n(?:=|-)/.exec(bytes.toString('latin1'))?.[1] ?? '';
  const packets = Buffer.from(armoured, 'base64');
  const first = packets[1] as number;
  const at = first < 192 ? 2 : first < 224 ? 3 : 6;
  expect([3, 6]).toContain(packets[at]);
  return put(at, 99)(packets);
};

/** What each format writes its version as, changed to one that nobody has seen. */
const CHANGES: readonly (readonly [format: string, change: Change])[] = [
  ['whatsapp-msgstore', sqlite],
  ['whatsapp-ios', sqlite],
  ['imessage', sqlite],
  ['ios-backup', keybag],
  ['threema-backup', threema],
  ['signal-export', said('"version":"1"', '"version":"9"')],
  ['xmpp-xep0227', said('urn:xmpp:pie:0', 'urn:xmpp:pie:9')],
  ['openpgp-message', sessionKey],
  ['xmpp-mam', said('urn:xmpp:mam:2', 'urn:xmpp:mam:9')],
  ['xmpp-sql', said('public.archive', 'public.archive_v9')],
];

it.each(CHANGES)('%s of a version that nobody has seen decodes, or says what is not decoded', async (name, change) => {
  const capture = captures.find(({ format }) => format.name === name) as IntactCapture;
  const bytes = Buffer.from(capture.files.get(capture.name) as Uint8Array);
  const changed = new Map([...capture.files, [capture.name, new Uint8Array(await change(bytes))]]);
  const [intact, decoded] = [await decodeCopy(capture), await decodeCopy(capture, changed)];
  expect(complaintOf(decoded, intact, false)).toBeNull();
});

it.each(['matrix-events', 'matrix-synapse'])(
  '%s of a room version that nobody has seen says of each item that its id was not checked',
  async (name) => {
    const capture = captures.find(({ format }) => format.name === name) as IntactCapture;
    const bytes = Buffer.from(capture.files.get(capture.name) as Uint8Array);
    const text = bytes
      .toString('latin1')
      .replaceAll('"room_version":"10"', '"room_version":"99"')
      .replaceAll('\t10\n', '\t99\n');
    const { items } = await decodeCopy(capture, new Map([[capture.name, new Uint8Array(Buffer.from(text, 'latin1'))]]));
    const messages = items.filter(({ kind }) => kind === 'message');
    expect(messages.length).toBeGreaterThan(3);
    for (const { authentication } of messages)
      expect(authentication?.proves).toContain('version of the room is not known');
  },
);
