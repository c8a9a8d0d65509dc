/** What the body of a message says beside its type; which element means what is in Threema's data models. */
export interface MessageBody {
  /** Text for people; null where the body has none. */
  readonly text: string | null;
  readonly file: { readonly name: string | null; readonly mime: string | null; readonly size: number | null } | null;
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
  /** Other values by name. */
  readonly fields: readonly (readonly [name: string, value: string | number | boolean])[];
}

const NOTHING: MessageBody = { text: null, file: null, place: null, fields: [] };
const LONGEST = 1024 * 1024;

/** Reads a body by the type of its message. One that is not of the form of its type stays text as it is. */
export function messageBody(type: string, body: string | null, caption: string | null): MessageBody {
  if (type === 'TEXT' || body === null) return { ...NOTHING, text: body ?? caption };
  const list = body.length <= LONGEST ? parsedList(body) : null;
  if (list === null) return { ...NOTHING, text: body, file: isFileType(type) ? noFile() : null };
  if (type === 'FILE') return fileBody(list, caption);
  if (type === 'LOCATION') return locationBody(list);
  if (type === 'BALLOT') return { ...NOTHING, fields: named(list, ['ballot_action', 'ballot_id']) };
  if (type === 'IMAGE') return { ...NOTHING, text: caption, file: noFile(), fields: named(list, ['downloaded']) };
  if (type === 'VIDEO' || type === 'VOICEMESSAGE') {
    return { ...NOTHING, text: caption, file: noFile(), fields: named(list, ['duration_seconds', 'downloaded']) };
  }
  return { ...NOTHING, text: caption, fields: named(list, ['status']) };
}

/** Types whose messages have a file. */
export function isFileType(type: string): boolean {
  return type === 'FILE' || type === 'IMAGE' || type === 'VIDEO' || type === 'VOICEMESSAGE';
}

/** Blob id, key (not kept: it opens a file on the server), type, size, name, way of showing, downloaded, caption, … */
function fileBody(list: readonly unknown[], caption: string | null): MessageBody {
  const [, , mime, size, name, , , ownCaption] = list;
  const file = { name: text(name), mime: text(mime), size: whole(size) };
  return { ...NOTHING, text: caption ?? text(ownCaption), file, fields: named([list[6]], ['downloaded']) };
}

function locationBody(list: readonly unknown[]): MessageBody {
  const [latitude, longitude] = list.map((value) => (typeof value === 'number' ? value : Number.NaN));
  const words = [text(list[4]), text(list[3])].filter((word) => word !== null);
  if (latitude === undefined || longitude === undefined) return NOTHING;
  const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return {
    ...NOTHING,
    text: words.length === 0 ? null : words.join(', '),
    place: isPlace ? { latitude, longitude } : null,
    fields: named([list[2]], ['accuracy']),
  };
}

function named(list: readonly unknown[], names: readonly string[]): MessageBody['fields'] {
  return names.flatMap((name, at) => {
    const value = list[at];
    const isPlain = typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
    if (!isPlain) return [];
    return [[name, typeof value === 'number' && !Number.isSafeInteger(value) ? String(value) : value] as const];
  });
}

function noFile(): NonNullable<MessageBody['file']> {
  return { name: null, mime: null, size: null };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function whole(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function parsedList(body: string): readonly unknown[] | null {
  if (!body.startsWith('[')) return null;
  try {
    const parsed: unknown = JSON.parse(body);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}
