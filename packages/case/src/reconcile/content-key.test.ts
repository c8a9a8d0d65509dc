import type { Item, Party } from '@custody/evidence';
import { expect, it } from 'vitest';
import { differingFields } from './content-key.ts';

function seen(sender: Party | null, recipients: readonly Party[] | null, text = 'one'): Item {
  return {
    ...{ kind: 'message', platform: 'whatsapp', direction: null, sources: [], messageId: 'X', conversation: null },
    locator: { path: 'f', offset: 0, length: 1, row: 1 },
    ...{ sender, recipients, owner: null, sentAt: null, times: null, body: new TextEncoder().encode(text) },
    ...{ refs: [], attachments: [], authentication: null, fields: null },
  };
}

const number = (value: string): Party => ({ type: 'phone', value });

it.each<[string, Item, readonly string[]]>([
  ['its own sender is not named', seen(null, [number('+2')]), []],
  ['the recipient is not named', seen(number('+1'), null), []],
  ['named by service id', seen({ type: 'signal-aci', value: 'a' }, [number('+2')]), []],
  ['another number', seen(number('+3'), [number('+2')]), ['sender']],
  ['another text', seen(null, [number('+2')], 'two'), ['body']],
])('the same message of another device: %s', (_, other, expected) => {
  const one = seen(number('+1'), [number('+2')]);
  expect(differingFields(one, other, { own: true })).toEqual(expected);
  // Two deliveries of one record are held to every field.
  if (other.sender?.value !== '+1') expect(differingFields(one, other, { own: false })).not.toEqual([]);
});
