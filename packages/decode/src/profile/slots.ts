import type { FieldPath, Profile } from './profile.ts';
import { fieldsOf } from './profile-fields.ts';

/** Place of a field's value in the scanner's arrays; -1: the profile does not name one. */
export type Slot = number;

/** The distinct fields that a profile reads, numbered in the order in which it names them. */
export class Slots {
  readonly paths: (readonly string[])[] = [];
  readonly #numbers = new Map<string, Slot>();

  constructor(profile: Profile) {
    for (const record of profile.records) for (const { field } of fieldsOf(record)) this.#add(field);
  }

  get count(): number {
    return this.paths.length;
  }

  of(field: FieldPath | undefined): Slot {
    if (field === undefined) return -1;
    return this.#numbers.get(keyOf(field)) ?? -1;
  }

  #add(field: FieldPath): void {
    const key = keyOf(field);
    if (this.#numbers.has(key)) return;
    this.#numbers.set(key, this.paths.length);
    this.paths.push(typeof field === 'string' ? [field] : field);
  }
}

function keyOf(field: FieldPath): string {
  return JSON.stringify(typeof field === 'string' ? [field] : field);
}
