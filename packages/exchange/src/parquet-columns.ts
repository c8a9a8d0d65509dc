import type { SchemaElement } from 'hyparquet';

/** A column: how it is declared, and its value for a row. Groups and lists take objects and arrays. */
export interface TableColumn<Row> {
  readonly name: string;
  readonly schema: readonly SchemaElement[];
  readonly value: (row: Row) => unknown;
}

type Value<Row, T> = (row: Row) => T | null;

export function text<Row>(name: string, value: Value<Row, string>): TableColumn<Row> {
  return { name, schema: [textElement(name)], value };
}

/** 64 bits. */
export function whole<Row>(name: string, value: Value<Row, number>): TableColumn<Row> {
  const big = (row: Row): bigint | null => {
    const number = value(row);
    return number === null || !Number.isSafeInteger(number) ? null : BigInt(number);
  };
  return { name, schema: [{ name, type: 'INT64', repetition_type: 'OPTIONAL' }], value: big };
}

export function real<Row>(name: string, value: Value<Row, number>): TableColumn<Row> {
  return { name, schema: [{ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }], value };
}

export function flag<Row>(name: string, value: Value<Row, boolean>): TableColumn<Row> {
  return { name, schema: [{ name, type: 'BOOLEAN', repetition_type: 'OPTIONAL' }], value };
}

/** Milliseconds UTC: Parquet's TIMESTAMP(MILLIS, adjusted to UTC), in the new and the old notation. */
export function time<Row>(name: string, value: Value<Row, number>): TableColumn<Row> {
  const element: SchemaElement = {
    name,
    type: 'INT64',
    repetition_type: 'OPTIONAL',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  };
  const date = (row: Row): Date | null => {
    const ms = value(row);
    return ms === null ? null : new Date(ms);
  };
  return { name, schema: [element], value: date };
}

/** A list of records (Parquet, "Lists": three levels), never null. */
export function list<Row, One>(
  name: string,
  fields: readonly TableColumn<One>[],
  value: (row: Row) => readonly One[],
): TableColumn<Row> {
  const schema: SchemaElement[] = [
    { name, repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', num_children: fields.length },
    ...fields.flatMap((field) => field.schema),
  ];
  const records = (row: Row) =>
    value(row).map((one) => Object.fromEntries(fields.map((field) => [field.name, field.value(one)])));
  return { name, schema, value: records };
}

function textElement(name: string): SchemaElement {
  return {
    name,
    type: 'BYTE_ARRAY',
    repetition_type: 'OPTIONAL',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
  };
}
