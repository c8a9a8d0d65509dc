/** A name in a dump. */
export const name: Readonly<Record<string, unknown>> = { type: 'string', minLength: 1, maxLength: 200 };
/** A field of a record. */
export const path: Readonly<Record<string, unknown>> = {
  anyOf: [name, { type: 'array', minItems: 1, maxItems: 16, items: name }],
};

/** An object that has these keys and no others. */
export function closed(
  required: readonly string[],
  properties: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return { type: 'object', required, properties, additionalProperties: false };
}
