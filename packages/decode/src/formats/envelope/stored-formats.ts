import type { Format } from '../../format.ts';
import { envelopeFormat } from './envelope-format.ts';

/** Containers whose records are put into scratch before they are decoded; each needs a profile. */
const KINDS = ['table', 'fixed', 'json', 'xml', 'xlsx', 'sqlite', 'sql', 'cbor', 'msgpack'] as const;

export const storedFormats: readonly Format[] = KINDS.map(envelopeFormat);
