import { createCipheriv } from 'node:crypto';

const KEY = Buffer.alloc(32, 7);

/** The dump of the bench described by a recipe instead of `sealed`: what a lab writes for a layout of its own. */
export function recipeProfile(kind: 'ndjson' | 'csv', builtin: object): object {
  const { records, ...rest } = structuredClone(builtin) as { records: Record<string, unknown>[] };
  const [message, device] = records as [Record<string, unknown>, Record<string, unknown>];
  delete message.sealed;
  const isCsv = kind === 'csv';
  const sender = isCsv ? 'user' : 'from';
  const take = isCsv
    ? [{ do: 'take', as: 'sealed', from: { field: 'sealed', encoding: 'base64' } }]
    : [
        { do: 'take', as: 'nonce', from: { field: 'iv', encoding: 'base64' } },
        { do: 'take', as: 'sealed', from: { field: 'ct', encoding: 'base64' } },
      ];
  message.recipe = {
    supported: { field: 'alg', values: ['A256GCM'] },
    steps: [
      ...take,
      { do: 'key', as: 'key', id: { field: 'kid' }, length: 32 },
      {
        do: 'decrypt',
        as: 'text',
        cipher: 'aes-gcm',
        key: 'key',
        iv: isCsv ? { of: 'sealed', to: 12 } : 'nonce',
        ciphertext: isCsv ? { of: 'sealed', from: 12, to: -16 } : { of: 'sealed', to: -16 },
        tag: { of: 'sealed', from: -16 },
        aad: [{ field: 'id' }, { text: '|' }, { field: 'conv' }, { text: '|' }, { field: sender }],
      },
    ],
    inner: { kind: 'text' },
  };
  const good = knownRecord(isCsv, sender);
  const keys = [{ id: 'k', hex: KEY.toString('hex') }];
  return {
    ...rest,
    custodyProfile: 2,
    name: `envelope-${kind}`,
    records: [message, device],
    knownAnswers: [{ record: good, keys, expect: { outcome: 'authenticated', body: 'a known answer' } }],
    tampered: [{ record: { ...good, conv: 'other' }, keys, expect: { outcome: 'authentication-failed' } }],
  };
}

function knownRecord(isCsv: boolean, sender: string): Record<string, unknown> {
  const iv = Buffer.alloc(12, 1);
  const cipher = createCipheriv('aes-256-gcm', KEY, iv);
  cipher.setAAD(Buffer.from('m1|c1|ann'));
  const sealed = Buffer.concat([cipher.update('a known answer'), cipher.final(), cipher.getAuthTag()]);
  const record = { type: 'message', id: 'm1', conv: 'c1', [sender]: 'ann', kid: 'k', alg: 'A256GCM' };
  const to = isCsv ? 'bea' : ['bea'];
  return isCsv
    ? { ...record, to, sealed: Buffer.concat([iv, sealed]).toString('base64') }
    : { ...record, to, iv: iv.toString('base64'), ct: sealed.toString('base64') };
}
