import { base64Decode, FormatError } from '@custody/bytes';
import type { DecodeErrorCode } from '../../../errors.ts';
import type { Message, UnknownFields, Value } from './read-message.ts';
import type { Field, MessageType } from './schema.ts';

const DEEPEST = 32;

/**
 * A message of the schema from its JSON (Protocol Buffers, JSON Mapping): 64-bit numbers as text, bytes as base64,
 * enumerations by name. Throws FormatError PROTOBUF_INVALID; names that the schema lacks are counted in `unknown`.
 */
export function fromJson(type: MessageType, json: unknown, unknown: UnknownFields, depth = 0): Message {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid(type.name);
  if (depth > DEEPEST) throw invalid(type.name);
  const read: Record<string, Value> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = type.byName.get(name);
    if (field === undefined) {
      const key = `${type.name}.${name.slice(0, 60)}`;
      unknown.set(key, (unknown.get(key) ?? 0) + 1);
    } else if (value !== null) read[name] = readValue(field, value, unknown, depth);
  }
  return read;
}

function readValue(field: Field, json: unknown, unknown: UnknownFields, depth: number): Value {
  if (!field.repeated) return single(field, json, unknown, depth);
  if (!Array.isArray(json)) throw invalid(field.name);
  return json.map((one: unknown) => single(field, one, unknown, depth));
}

function single(field: Field, json: unknown, unknown: UnknownFields, depth: number): Value {
  if (field.message !== null) return fromJson(field.message, json, unknown, depth + 1);
  switch (field.type) {
    case 'bool':
      if (typeof json === 'boolean') return json;
      break;
    case 'text':
      if (typeof json === 'string') return json;
      break;
    case 'bytes':
      if (typeof json === 'string') return bytesOf(field, json);
      break;
    case 'enumeration':
      if (typeof json === 'string') return json;
      if (typeof json === 'number') return field.names[json] ?? json;
      break;
    default:
      return numberOf(field, json);
  }
  throw invalid(field.name);
}

function bytesOf(field: Field, text: string): Uint8Array {
  try {
    return base64Decode(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch (error) {
    if (error instanceof FormatError) throw invalid(field.name);
    throw error;
  }
}

function numberOf(field: Field, json: unknown): number | bigint {
  if (typeof json === 'number' && Number.isFinite(json)) return json;
  if (typeof json !== 'string' || !/^-?\d{1,20}$/.test(json)) throw invalid(field.name);
  const number = BigInt(json);
  return Number.isSafeInteger(Number(number)) ? Number(number) : BigInt.asUintN(64, number);
}

function invalid(name: string): FormatError<DecodeErrorCode> {
  return new FormatError('PROTOBUF_INVALID', `not a message of a backup: ${name} has another form`);
}
