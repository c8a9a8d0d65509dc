import { expect, it } from 'vitest';
import { decodeCapture } from '../../testing/decode-capture.ts';
import { signalBackup } from './index.ts';
import { PASSPHRASE, type Step, writeBackup } from './testing/write-backup.ts';

function decode(steps: readonly Step[], version = 0) {
  const keyring = { keys: [{ for: 'signal-backup', passphrase: PASSPHRASE, source: 'keyring.json' }] };
  return decodeCapture(signalBackup, writeBackup(steps, version).bytes, { name: 'x.backup', keyring });
}

function row(table: string, ...values: readonly (string | number | Uint8Array | null)[]): Step {
  return { sql: `INSERT INTO ${table} VALUES (${values.map(() => '?').join(',')})`, values };
}

it('reads runs of rows of any lengths at places that are whole numbers', async () => {
  const rows = Array.from({ length: 600 }, (_, i) => row('message', i + 1, 'x'.repeat((i * 37) % 1500)));
  const steps = [{ sql: 'CREATE TABLE message (_id INTEGER PRIMARY KEY, body TEXT)' }, ...rows, { end: true } as const];
  expect((await decode(steps)).counts).toMatchObject({ records: 600, decoded: 600 });
});
