/** What the fixtures put into property lists; `{uid}` is a reference of an archive. */
export type Plain =
  | number
  | string
  | boolean
  | Buffer
  | { readonly uid: number }
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/** A binary property list, each value an object of its own. */
export function writeBinaryPlist(value: Plain): Buffer {
  const objects: Buffer[] = [];
  const add = (one: Plain): number => {
    const at = objects.push(Buffer.alloc(0)) - 1;
    objects[at] = body(one, add);
    return at;
  };
  add(value);
  const offsets: number[] = [];
  let length = 8;
  for (const object of objects) {
    offsets.push(length);
    length += object.length;
  }
  const table = Buffer.concat(offsets.map((offset) => uint(offset, 4)));
  const trailer = Buffer.concat([
    Buffer.from([0, 0, 0, 0, 0, 0, 4, 2]),
    uint(objects.length, 8),
    uint(0, 8),
    uint(length, 8),
  ]);
  return Buffer.concat([Buffer.from('bplist00'), ...objects, table, trailer]);
}

function body(value: Plain, add: (one: Plain) => number): Buffer {
  if (typeof value === 'boolean') return Buffer.from([value ? 9 : 8]);
  if (typeof value === 'number')
    return Number.isInteger(value) ? Buffer.concat([Buffer.from([0x13]), uint(value, 8)]) : real(value);
  if (typeof value === 'string') return sized(5, value.length, Buffer.from(value, 'latin1'));
  if (Buffer.isBuffer(value)) return sized(4, value.length, value);
  if (Array.isArray(value)) return sized(10, value.length, refs(value.map(add)));
  if (isUid(value)) return Buffer.from([0x80, value.uid]);
  const entries = Object.entries(value as { readonly [key: string]: Plain });
  const keys = entries.map(([key]) => add(key));
  return sized(13, entries.length, refs([...keys, ...entries.map(([, one]) => add(one))]));
}

function isUid(value: Plain): value is { readonly uid: number } {
  return typeof value === 'object' && 'uid' in value && Object.keys(value).length === 1;
}

function real(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0x23);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function sized(kind: number, count: number, content: Buffer): Buffer {
  if (count < 15) return Buffer.concat([Buffer.from([kind * 16 + count]), content]);
  return Buffer.concat([Buffer.from([kind * 16 + 15, 0x12]), uint(count, 4), content]);
}

function refs(list: readonly number[]): Buffer {
  return Buffer.concat(list.map((one) => uint(one, 2)));
}

function uint(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes.subarray(8 - length);
}
