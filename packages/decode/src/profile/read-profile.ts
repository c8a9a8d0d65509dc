import { UsageError } from '@custody/bytes';
import { compileOnce } from '@custody/evidence';
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { DecodeErrorCode } from '../errors.ts';
import { isZone } from '../local-time.ts';
import { recipeMistakes } from '../recipe/recipe-mistakes.ts';
import type { Container, Profile, RecordProfile } from './profile.ts';
import { fieldsOf } from './profile-fields.ts';
import { profileSchema } from './profile-schema.ts';
import { type IsSound, soundParts, soundRecord } from './sound-parts.ts';

const validator = compileOnce<Profile>(profileSchema, {}, { strictRequired: false, discriminator: true });

/**
 * Checks a parsed profile file.
 * @throws UsageError PROFILE_INVALID that lists every mistake, each with its path in the file.
 */
export function readProfile(value: unknown): Profile {
  const { mistakes } = inspectProfile(value);
  if (mistakes.length > 0) throw profileInvalid(mistakes);
  return value as Profile;
}

/** Everything that is wrong with the form of a profile and with how its parts go together. */
export interface InspectedProfile {
  readonly mistakes: readonly string[];
  /** Container and records are sound, so that a dump can be tried whatever else is wrong; null: they are not. */
  readonly usable: Profile | null;
}

/** Parts that are not formed as they must be are passed over, so that what is wrong with the others is told as well. */
export function inspectProfile(value: unknown): InspectedProfile {
  const validate = validator();
  const errors = validate(value) ? [] : (validate.errors ?? []);
  const shape = shapeMistakes(errors);
  if (!isObject(value)) return { mistakes: shape, usable: null };
  const isSound = soundParts(errors);
  const parts = partMistakes(value, isSound);
  const hasVersion = (value.custodyProfile === 1 || value.custodyProfile === 2) && isSound('/container');
  const profile = value as unknown as Profile;
  const version = hasVersion && Array.isArray(value.records) ? versionMistakes(profile, isSound) : [];
  // A key that is not known changes nothing in what the others say.
  const isRead = soundParts(errors.filter(({ keyword }) => keyword !== 'additionalProperties'));
  const whole = Array.isArray(value.records) && isObject(value.container) && typeof value.name === 'string';
  const isUsable = whole && parts.length === 0 && ['/records', '/container', '/name', '/platform'].every(isRead);
  return { mistakes: [...shape, ...version, ...parts], usable: isUsable && hasVersion ? profile : null };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for a profile with these mistakes. */
export function profileInvalid(mistakes: readonly string[]): UsageError<DecodeErrorCode> {
  return new UsageError(
    'PROFILE_INVALID',
    `the profile has ${mistakes.length} mistake(s), mend the file:\n  ${mistakes.join('\n  ')}`,
    { detail: { mistakes } },
  );
}

/** What a schema cannot say of container and records: of those that are formed as they must be. */
function partMistakes(value: Readonly<Record<string, unknown>>, isSound: IsSound): string[] {
  const container =
    isObject(value.container) && isSound('/container') ? (value.container as unknown as Container) : null;
  const records = Array.isArray(value.records) ? (value.records as readonly RecordProfile[]) : [];
  const columns = container === null ? undefined : columnsOf(container);
  const out = container === null ? [] : containerMistakes(container);
  records.forEach((record, i) => {
    const at = `/records/${i}`;
    if (!isObject(record)) return;
    const sound = soundRecord(record, at, isSound);
    out.push(...recordMistakes(sound, at));
    if (columns !== undefined) out.push(...columnMistakes(sound, at, columns));
    if (record.when === undefined && i < records.length - 1) {
      out.push(`${at}: has no "when", so the types after it are never reached`);
    }
  });
  return out;
}

function containerMistakes(container: Container): string[] {
  if (container.kind !== 'csv' && container.kind !== 'table') return [];
  const out: string[] = [];
  if (container.delimiter === container.quote) out.push('/container: delimiter and quote are the same character');
  if (container.header === (container.columns !== undefined)) {
    out.push('/container: give "columns" where "header" is false, and only there');
  }
  if (container.columns !== undefined && new Set(container.columns).size < container.columns.length) {
    out.push('/container/columns: a column name stands twice');
  }
  return out;
}

/** Names of the columns, null where the dump gives them; undefined: the container has no columns. */
function columnsOf(container: Container): readonly string[] | null | undefined {
  if (container.kind === 'csv' || container.kind === 'table') return container.columns ?? null;
  if (container.kind === 'fixed') return container.columns.map(({ name }) => name);
  return container.kind === 'xlsx' || container.kind === 'sqlite' || container.kind === 'sql' ? null : undefined;
}

/** What only version 2 has, and what it must have. */
function versionMistakes(profile: Profile, isSound: IsSound): string[] {
  const { custodyProfile, container, records, knownAnswers } = profile;
  const tampered = isSound('/tampered') ? profile.tampered : [];
  const isSealed = records.some((record) => record?.sealed !== undefined || record?.recipe !== undefined);
  if (custodyProfile === 2) {
    return [
      ...(knownAnswers === undefined ? ['/knownAnswers: give at least one record that the profile must open'] : []),
      ...(tampered === undefined && isSealed
        ? ['/tampered: give at least one altered record, and what it must become']
        : []),
      ...(tampered ?? []).flatMap(({ expect }, i) =>
        expect.outcome === 'authenticated'
          ? [`/tampered/${i}/expect/outcome: an altered record cannot be authentic`]
          : [],
      ),
    ];
  }
  if (container.kind !== 'ndjson' && container.kind !== 'csv') {
    return [`/container/kind: ${container.kind} needs "custodyProfile": 2, and cases`];
  }
  return records.flatMap((record, i) =>
    record?.recipe === undefined ? [] : [`/records/${i}/recipe: needs "custodyProfile": 2, and cases`],
  );
}

function recordMistakes(record: RecordProfile, at: string): string[] {
  const out: string[] = [];
  const { sealed, recipients, sentAt } = record;
  if (sealed !== undefined && record.body !== undefined) out.push(`${at}: give "body" or "sealed", not both`);
  if (record.recipe !== undefined) {
    if (sealed !== undefined || record.body !== undefined) out.push(`${at}: give "recipe" without "body" and "sealed"`);
    out.push(...recipeMistakes(record.recipe, `${at}/recipe`));
  }
  const zone = sentAt?.zone ?? null;
  if (zone !== null && !isZone(zone)) out.push(`${at}/sentAt/zone: there is no zone "${zone}"`);
  if (recipients !== undefined && (recipients.list === 'separated') !== (recipients.separator !== undefined)) {
    out.push(`${at}/recipients: give "separator" where "list" is "separated", and only there`);
  }
  return out;
}

function columnMistakes(record: RecordProfile, at: string, columns: readonly string[] | null): string[] {
  const out: string[] = [];
  for (const { field, where } of fieldsOf(record)) {
    if (typeof field !== 'string') out.push(`${at}${where}: a column of a CSV has one name, not a path`);
    else if (columns !== null && !columns.includes(field)) out.push(`${at}${where}: no column is named "${field}"`);
  }
  if (record.recipients?.list === 'array') out.push(`${at}/recipients/list: a CSV has no arrays; use "separated"`);
  return out;
}

/** One line a mistake; of the branches of an alternative only the errors that say something. */
function shapeMistakes(errors: readonly ErrorObject[]): string[] {
  const lines = errors.map(explain).filter((line) => line !== null);
  return [...new Set(lines)];
}

function explain(error: ErrorObject): string | null {
  const path = error.instancePath === '' ? '/' : error.instancePath;
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'additionalProperties') return `${path}: unknown key "${String(params.additionalProperty)}"`;
  if (error.keyword === 'required') return `${path}: "${String(params.missingProperty)}" is missing`;
  if (error.keyword === 'enum') return `${path}: must be one of ${(params.allowedValues as string[]).join(', ')}`;
  if (error.keyword === 'const') return `${path}: must be ${JSON.stringify(params.allowedValue)}`;
  if (error.keyword === 'anyOf') return `${path}: fits none of the forms that may stand here`;
  return `${path}: ${error.message ?? error.keyword}`;
}
