import { utf8Decode } from '@custody/bytes';
import type { Item } from '@custody/evidence';
import { expect, it } from 'vitest';
import { sweepDamage } from '../../testing/sweep-damage.ts';
import { signalDesktop } from './index.ts';
import { KEY, makeDesktop } from './testing/make-desktop.ts';

const PAGE = 4096;

/** Without the page of names people are told by their ids, without the first page tables by their place: texts stay. */
function keyOf({ kind, body }: Item): string {
  return kind === 'message' || kind === 'edit' ? (body === null ? '' : utf8Decode(body)) : '';
}

it('damaged anywhere gives no row that was not there, and says what is missing', async () => {
  const bytes = new Uint8Array(makeDesktop('columns').database);
  const pages = Array.from({ length: bytes.length / PAGE }, (_, i) => i * PAGE);
  const keyring = { keys: [{ for: 'signal-desktop', bytes: new Uint8Array(KEY), source: 'keyring.json' }] };
  const options = { name: 'sql/db.sqlite', keyring, seed: 21, borders: [15, 16, ...pages], few: 25, keyOf };
  expect(await sweepDamage(signalDesktop, bytes, options)).toEqual([]);
}, 240_000);
