import { enumerations } from './enumerations.ts';
import { framesSchema } from './frames-schema.ts';
import { messagesSchema } from './messages-schema.ts';
import { updatesSchema } from './updates-schema.ts';

/** How a value stands on the wire and what it becomes. */
export type FieldType = 'number' | 'bool' | 'text' | 'bytes' | 'fixed32' | 'float' | 'enumeration' | 'message';

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly type: FieldType;
  readonly repeated: boolean;
  /** Names by number, of an enumeration. */
  readonly names: readonly string[];
  /** Of a message; looked up late, as messages nest in themselves. */
  readonly message: MessageType | null;
}

/** A message of the schema: its fields by number, and by name for exports in JSON. */
export interface MessageType {
  readonly name: string;
  readonly fields: ReadonlyMap<number, Field>;
  readonly byName: ReadonlyMap<string, Field>;
}

const SCALARS: Readonly<Record<string, FieldType>> = {
  u: 'number',
  b: 'bool',
  s: 'text',
  y: 'bytes',
  x: 'fixed32',
  f: 'float',
};

interface Draft {
  readonly name: string;
  readonly fields: Map<number, Field>;
  readonly byName: Map<string, Field>;
}

const messages: ReadonlyMap<string, MessageType> = readSchema([framesSchema, messagesSchema, updatesSchema].join('\n'));

/** The message of this name. The name is one of our own; a wrong one is our mistake. */
export function messageType(name: string): MessageType {
  const found = messages.get(name);
  if (found === undefined) throw new Error(`no message ${name} in the schema`);
  return found;
}

function readSchema(text: string): Map<string, Draft> {
  const lines = text.split('\n').filter((line) => line !== '');
  const parts = lines.map((line) => line.split(':') as [string, string]);
  const drafts = new Map<string, Draft>(
    parts.map(([name]) => [name, { name, fields: new Map(), byName: new Map() }] as const),
  );
  for (const [name, list] of parts) {
    const draft = drafts.get(name) as Draft;
    for (const one of list.split(',')) {
      const words = one.trim().split(' ');
      if (words.length < 3) continue;
      const field = readField(words as [string, string, string], drafts);
      draft.fields.set(field.number, field);
      draft.byName.set(field.name, field);
    }
  }
  return drafts;
}

function readField([name, number, written]: [string, string, string], drafts: ReadonlyMap<string, Draft>): Field {
  const repeated = written.endsWith('*');
  const word = repeated ? written.slice(0, -1) : written;
  const names = Object.hasOwn(enumerations, word) ? (enumerations[word] as string).split(' ') : [];
  const message = drafts.get(word) ?? null;
  const type = SCALARS[word] ?? (message === null ? 'enumeration' : 'message');
  if (type === 'enumeration' && names.length === 0) throw new Error(`${word} is in no schema`);
  return { name, number: Number(number), type, repeated, names, message };
}
