import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formats } from '../registry.ts';
import { intactApps } from '../testing/intact-apps.ts';
import type { IntactCapture } from '../testing/intact-capture.ts';
import { intactDumps } from '../testing/intact-dumps.ts';
import { intactExports } from '../testing/intact-exports.ts';

/** A test by its file and title, or why the format cannot have the fault. */
type Cell = readonly [file: string, title: string] | string;
interface Row {
  /** A version that nobody has seen. */
  readonly version: Cell;
  /** A part that other parts name is not there. */
  readonly missing: Cell;
  /** A structure that leads back to itself. */
  readonly cycle: Cell;
}

const VERSIONS: Cell = [
  'unknown-versions.test.ts',
  '%s of a version that nobody has seen decodes, or says what is not decoded',
];
const ROOM_VERSIONS: Cell = [
  'unknown-versions.test.ts',
  '%s of a room version that nobody has seen says of each item that its id was not checked',
];
const TABLE_LOOP: Cell = [
  '../sqlite/loops.test.ts',
  'a single page that leads to one before it costs what stood below it',
];
const BESIDE: Cell = [
  'damage-properties.test.ts',
  'cut at its borders, and without the files beside it, is accounted for',
];
const NO_VERSION = 'the format writes no version';
const BY_COLUMNS = 'columns are told by their names, in any version';
const ONE_FILE = 'one file, without members';
const LINEAR = 'read from front to back: nothing leads to another place';

const whatsapp: Row = {
  version: ['whatsapp/hostile.test.ts', 'knows versions that it does not support'],
  missing: ['whatsapp/hostile.test.ts', 'decodes a database packed by zlib, in a ZIP, and not packed'],
  cycle: TABLE_LOOP,
};
const store: Row = { version: VERSIONS, missing: BESIDE, cycle: TABLE_LOOP };
const line: Row = { version: NO_VERSION, missing: ONE_FILE, cycle: LINEAR };
const signal: Row = {
  version: [
    'signal-backup-v2/signal-backup-v2.test.ts',
    'without its main file, or of another version, is one finding',
  ],
  missing: BESIDE,
  cycle: LINEAR,
};
const mail: Row = {
  version: VERSIONS,
  missing: ['pgp-mail/pgp-mail.test.ts', 'tells a wrong passphrase, a missing key and damage apart'],
  cycle: ['pgp-mail/pgp-mail.test.ts', 'caps nesting of parts and of packets'],
};
const matrix: Row = {
  version: ROOM_VERSIONS,
  missing: ['matrix/events.test.ts', 'finds what was changed, moved, repeated or left out'],
  cycle: ['matrix/hostile.test.ts', 'does not follow predecessors round in a circle, and says that they do'],
};
const dump: Row = {
  version: ['envelope/own-profile.test.ts', 'tells versions that it does not describe'],
  missing: ['envelope/envelope.test.ts', 'reports each damage where it is, and decodes the rest'],
  cycle: LINEAR,
};

const ROWS: Readonly<Record<string, Row>> = {
  'whatsapp-crypt12': whatsapp,
  'whatsapp-crypt14': whatsapp,
  'whatsapp-crypt15': whatsapp,
  'whatsapp-msgstore': {
    ...store,
    missing: ['whatsapp/message-store.test.ts', 'that cannot be told are said to be missing'],
  },
  'signal-backup': {
    version: [
      'signal-backup/signal-backup.test.ts',
      'told with another passphrase, none, or of an unknown version is one finding',
    ],
    missing: ['signal-backup/history.test.ts', 'shows files whose message or row is not there as items of their own'],
    cycle: LINEAR,
  },
  'ios-backup': {
    ...store,
    cycle: ['../plist/plist.test.ts', 'that refer to themselves, or to one object a million times, end'],
  },
  imessage: { ...store, missing: BY_COLUMNS },
  'whatsapp-ios': store,
  'signal-desktop': { ...store, version: BY_COLUMNS },
  'xmpp-xep0227': { ...line, version: VERSIONS },
  'xmpp-mam': { ...line, version: VERSIONS },
  'xmpp-sql': { ...line, version: VERSIONS },
  'xmpp-prosody': line,
  'otr-transcript': line,
  'mail-mbox': mail,
  'mail-eml': mail,
  'openpgp-message': { ...mail, missing: ONE_FILE },
  sqlcipher: {
    version: ['sqlcipher/sqlcipher.test.ts', 'tells a wrong key from none, from too many, and from damage'],
    missing: ['sqlcipher/sqlcipher.test.ts', 'of one page costs one page, and is named with its table'],
    cycle: TABLE_LOOP,
  },
  'threema-backup': {
    version: VERSIONS,
    missing: ['threema/threema.test.ts', 'says which members are missing'],
    cycle: ['../zip/zip.test.ts', 'survives anything'],
  },
  'matrix-events': matrix,
  'matrix-key-export': { ...line, version: ['matrix/key-export.test.ts', 'says why one does not open'] },
  'whatsapp-text': { ...line, missing: ['whatsapp-text/whatsapp-text.test.ts', 'finds files beside it and in a ZIP'] },
  'signal-backup-v2': signal,
  'signal-backup-v2-damaged': { ...signal, missing: ONE_FILE },
  'signal-export': { ...line, version: VERSIONS },
  'matrix-synapse': matrix,
  'telegram-export': { ...line, missing: ['telegram-export/telegram-export.test.ts', 'finds files beside it'] },
  'wire-backup': {
    version: ['wire/wire.test.ts', 'tells a wrong password, another account, damage and what is no backup'],
    missing: ['wire/wire.test.ts', 'says what is inside when it is not what it should be'],
    cycle: TABLE_LOOP,
  },
  ...Object.fromEntries(formats.filter(({ name }) => name.startsWith('envelope-')).map(({ name }) => [name, dump])),
  'envelope-sqlite': { ...dump, cycle: TABLE_LOOP },
  'delivery-manifest': {
    version: ['delivery-manifest/delivery-manifest.test.ts', 'lists the mistakes of a manifest'],
    missing: BESIDE,
    cycle: LINEAR,
  },
  'telecom-table': line,
  'telecom-sheet': line,
};

const captures = [...(await intactApps()), ...intactExports(), ...(await intactDumps())];
const COLUMNS = [
  'wrong key, wrong kind',
  'cut, flip, oversized, doubled',
  'unknown version',
  'missing member',
  'cycle',
];

function shown(cell: Cell): string {
  return typeof cell === 'string' ? `(${cell})` : `[${cell[1].replaceAll('|', '\\|')}](${cell[0]})`;
}

/** Every format is swept; its line says with how many captures, and which tests have what a sweep cannot make. */
function lineOf(name: string, swept: readonly IntactCapture[]): string {
  const { version, missing, cycle } = ROWS[name] as Row;
  const keyed = swept.some(({ keys }) => keys.length > 0);
  const sweeps = `swept, ${swept.length} capture${swept.length === 1 ? '' : 's'}`;
  return `| \`${name}\` | ${keyed ? 'swept' : '(decodes without a key)'} | ${sweeps} | ${shown(version)} | ${shown(missing)} | ${shown(cycle)} |`;
}

describe('the table of damage', () => {
  it('has a line for every format, and an intact capture of each is swept', () => {
    const names = formats.map(({ name }) => name).sort();
    expect(Object.keys(ROWS).sort()).toEqual(names);
    expect([...new Set(captures.map(({ format }) => format.name))].sort()).toEqual(names);
  });

  it('names tests that are there', () => {
    const cells = Object.values(ROWS).flatMap(({ version, missing, cycle }) => [version, missing, cycle]);
    for (const cell of cells) {
      if (typeof cell === 'string') continue;
      expect(readFileSync(new URL(cell[0], import.meta.url), 'utf8')).toContain(cell[1]);
    }
  });

  it('stands in DAMAGE.md as it is', () => {
    const head = [`| format | ${COLUMNS.join(' | ')} |`, `| --- |${COLUMNS.map(() => ' --- |').join('')}`];
    const lines = formats.map(({ name }) =>
      lineOf(
        name,
        captures.filter(({ format }) => format.name === name),
      ),
    );
    const table = [...head, ...lines].join('\n');
    const file = readFileSync(new URL('DAMAGE.md', import.meta.url), 'utf8');
    expect(file.slice(file.indexOf('| format')).trimEnd()).toBe(table);
  });
});
