import { itemKinds } from '@custody/evidence';
import { bytesSchema, recipeSchema } from '../recipe/recipe-schema.ts';
import { closed, name, path } from './schema-parts.ts';

const words = { type: 'string', minLength: 1, maxLength: 4000 } as const;
const asciiCharacter = { type: 'string', pattern: '^[\\t\\x20-\\x7e]$' } as const;

const party = closed(['field', 'type'], { field: path, type: name });
const recipients = closed(['field', 'type'], {
  field: path,
  type: name,
  list: { enum: ['array', 'separated'] },
  separator: asciiCharacter,
});
const sentAt = closed(['field', 'format', 'zone', 'clock'], {
  field: path,
  format: { enum: ['unix-ms', 'unix-s', 'iso8601', 'day-month-year', 'excel-1900'] },
  zone: {
    anyOf: [
      { type: 'null' },
      { type: 'string', pattern: '^(UTC|[+-]([01]\\d|2[0-3]):[0-5]\\d|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2})$' },
    ],
  },
  clock: { enum: ['device', 'server', 'sender', 'unknown'] },
  precision: { enum: ['ms', 's', 'min', 'h', 'day', 'unknown'] },
});
const offset = { type: 'integer', minimum: -65_536, maximum: 65_536 } as const;
const part = closed(['field'], { field: path, from: offset, to: offset });
const sealed = closed(['encoding', 'cipher', 'iv', 'ciphertext', 'tag', 'inner'], {
  encoding: { enum: ['base64', 'hex'] },
  cipher: { enum: ['aes-256-gcm'] },
  key: closed(['field'], { field: path }),
  iv: part,
  ciphertext: part,
  tag: { anyOf: [{ type: 'null' }, part] },
  aad: {
    type: 'array',
    maxItems: 32,
    items: {
      anyOf: [closed(['field'], { field: path }), closed(['text'], { text: { type: 'string', maxLength: 200 } })],
    },
  },
  supported: closed(['field', 'values'], {
    field: path,
    values: { type: 'array', minItems: 1, maxItems: 32, items: name },
  }),
  compression: { enum: ['none', 'gzip', 'deflate', 'deflate-raw', 'zstd'] },
  inner: {
    anyOf: [
      closed(['kind'], { kind: { const: 'text' } }),
      closed(['kind', 'body'], { kind: { const: 'json' }, body: path }),
    ],
  },
});
const record = closed(['kind'], {
  kind: { enum: [...itemKinds] },
  when: closed(['field', 'equals'], { field: path, equals: { type: 'string', maxLength: 200 } }),
  messageId: path,
  conversation: path,
  sender: party,
  recipients,
  owner: party,
  sentAt,
  direction: closed(['field', 'values'], {
    field: path,
    values: { type: 'object', maxProperties: 32, additionalProperties: { enum: ['incoming', 'outgoing', 'system'] } },
  }),
  body: path,
  sealed,
  recipe: recipeSchema,
  sequence: closed(['field', 'stream'], {
    field: path,
    stream: path,
    toleranceMs: { type: 'integer', minimum: 0, maximum: 86_400_000 },
  }),
  fields: {
    type: 'object',
    maxProperties: 100,
    propertyNames: name,
    additionalProperties: closed(['field'], { field: path, as: { enum: ['text', 'integer'] } }),
  },
});

const tableText = {
  delimiter: asciiCharacter,
  quote: asciiCharacter,
  header: { type: 'boolean' },
  columns: { type: 'array', minItems: 1, maxItems: 4096, items: name },
} as const;
export const textEncodings: readonly string[] = [
  ...['utf-8', 'utf-16le', 'utf-16be'],
  ...[1, 2, 5, 7, 9, 15].map((part) => `iso-8859-${part}`),
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((part) => `windows-125${part}`),
];
const encoding = { enum: textEncodings };
const character = { type: 'integer', minimum: 0, maximum: 65_536 } as const;
const fixedColumn = closed(['name', 'from', 'to'], { name, from: character, to: character });
const outcomes = [
  ...['authenticated', 'not-authenticated', 'unsealed', 'authentication-failed', 'key-missing', 'key-not-verified'],
  ...['unsupported', 'malformed', 'limit-exceeded', 'not-covered'],
];
const text = { type: 'string', maxLength: 100_000 } as const;
const profileCase = closed(['record', 'expect'], {
  record: { type: 'object' },
  keys: {
    type: 'array',
    maxItems: 64,
    items: closed([], { id: name, hex: { type: 'string', pattern: '^([0-9a-fA-F]{2}){1,8192}$' }, passphrase: name }),
  },
  expect: closed(['outcome'], {
    outcome: { enum: outcomes },
    body: text,
    messageId: text,
    conversation: text,
    sender: text,
    recipients: { type: 'array', items: text },
    sentAt: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
    fields: {
      type: 'object',
      additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
    },
  }),
});

/** JSON Schema (2020-12) of a profile file. Unknown keys are mistakes: a field misspelt would be left out in silence. */
export const profileSchema: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $defs: { bytes: bytesSchema },
  ...closed(['custodyProfile', 'name', 'title', 'basedOn', 'platform', 'container', 'records'], {
    custodyProfile: { enum: [1, 2] },
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,63}$' },
    title: words,
    basedOn: words,
    platform: name,
    container: {
      type: 'object',
      required: ['kind'],
      discriminator: { propertyName: 'kind' },
      oneOf: [
        closed(['kind'], { kind: { const: 'ndjson' } }),
        closed(['kind', 'delimiter', 'quote', 'header'], { kind: { const: 'csv' }, ...tableText }),
        closed(['kind', 'delimiter', 'quote', 'header'], { kind: { const: 'table' }, encoding, ...tableText }),
        closed(['kind', 'columns'], {
          kind: { const: 'fixed' },
          encoding,
          skip: { type: 'integer', minimum: 0, maximum: 1000 },
          columns: { type: 'array', minItems: 1, maxItems: 4096, items: fixedColumn },
        }),
        closed(['kind'], { kind: { const: 'json' }, records: { type: 'array', maxItems: 16, items: name } }),
        closed(['kind', 'record'], { kind: { const: 'xml' }, record: name }),
        closed(['kind'], {
          kind: { const: 'xlsx' },
          sheet: name,
          headerRow: { type: 'integer', minimum: 1, maximum: 1000 },
        }),
        closed(['kind', 'table'], { kind: { enum: ['sqlite', 'sql'] }, table: name }),
        closed(['kind'], { kind: { enum: ['cbor', 'msgpack'] } }),
      ],
    },
    records: { type: 'array', minItems: 1, maxItems: 32, items: record },
    knownAnswers: { type: 'array', minItems: 1, maxItems: 100, items: profileCase },
    tampered: { type: 'array', minItems: 1, maxItems: 100, items: profileCase },
  }),
};
