/** Where a value stands in a record: a name, or the names on the way into nested JSON objects. */
export type FieldPath = string | readonly string[];
