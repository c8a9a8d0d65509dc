import { compileOnce } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { StoredContainer } from '../../containers/read-container.ts';
import { profileSchema } from '../../profile/profile-schema.ts';

/** Where the records of a file stand, for counting them: a container of a profile, lines of JSON, or mails of an mbox. */
export type StatedContainer = StoredContainer | { readonly kind: 'ndjson' } | { readonly kind: 'mbox' };

/** A column, and the SHA-256 over its cells, each with a line feed. */
export interface StatedColumn {
  readonly name: string;
  readonly sha256: string;
}

/** Of every `each` records the first 8 bytes of the SHA-256 over their cells, in the order of `columns`, each with a line feed. */
export interface StatedRecords {
  readonly each: number;
  readonly sha256: readonly string[];
}

/** What a delivery says of one of its files. */
export interface StatedFile {
  readonly file: string;
  /** Of the whole file. */
  readonly sha256?: string;
  readonly container?: StatedContainer;
  readonly rows?: number;
  readonly columns?: readonly StatedColumn[];
  readonly records?: StatedRecords;
}

interface Manifest {
  readonly custodyManifest: 1;
  readonly basedOn: string;
  readonly files: readonly StatedFile[];
}

/** Ours: a longer manifest is not read. */
export const LONGEST_MANIFEST: number = 64 * 1024 * 1024;
const MOST_FILES = 10_000;
const MARK = /^\s*\{\s*"custodyManifest"\s*:/;
const hash = { type: 'string', pattern: '^[0-9a-fA-F]{64}$' };
const text = (longest: number) => ({ type: 'string', minLength: 1, maxLength: longest });
const closed = (required: readonly string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});

const container = (profileSchema.properties as { readonly container: object }).container;

/** JSON Schema (2020-12) of `manifest.json`. */
export const manifestSchema: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $defs: profileSchema.$defs,
  ...closed(['custodyManifest', 'basedOn', 'files'], {
    custodyManifest: { const: 1 },
    basedOn: text(4096),
    files: {
      type: 'array',
      maxItems: MOST_FILES,
      items: closed(['file'], {
        file: text(4096),
        sha256: hash,
        container: { anyOf: [container, closed(['kind'], { kind: { const: 'mbox' } })] },
        rows: { type: 'integer', minimum: 0 },
        columns: {
          type: 'array',
          maxItems: 4096,
          items: closed(['name', 'sha256'], { name: text(1024), sha256: hash }),
        },
        records: closed(['each', 'sha256'], {
          each: { type: 'integer', minimum: 1 },
          sha256: { type: 'array', maxItems: 1_000_000, items: { type: 'string', pattern: '^[0-9a-f]{16}$' } },
        }),
      }),
    },
  }),
};

const validator = compileOnce<Manifest>(manifestSchema, {}, { strictRequired: false, discriminator: true });

/** True where a file begins as `manifest.json` does. */
export function looksLikeManifest(head: Uint8Array): boolean {
  return MARK.test(Buffer.from(head.subarray(0, 256)).toString('utf8'));
}

/** The files of a manifest; text says why it cannot be read. */
export function readManifestFile(source: ByteSource): readonly StatedFile[] | string {
  if (source.length > LONGEST_MANIFEST) return `it is longer than ${LONGEST_MANIFEST} bytes`;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(source.read(0, source.length)).toString());
  } catch {
    return 'it is no JSON text';
  }
  const validate = validator();
  if (validate(value)) return value.files;
  const mistakes = (validate.errors ?? [])
    .slice(0, 10)
    .map(({ instancePath, message }) => `${instancePath}: ${message}`);
  return `it is no manifest: ${mistakes.join('; ')}`;
}
