import { utf8Decode } from '@custody/bytes';
import { malformed } from '../errors.ts';
import { type ExhibitDocument, exhibitLanguages, exhibitMedia } from '../model.ts';
import { byKey, count, countOr, flag, list, object, oneOf, orNull, type Shape, text } from './shape.ts';

/** A document for 100,000 items has some 600 MB; a text in memory has at most 512. */
const DOCUMENT_MAX = 400 * 1024 ** 2;

const digest = object({ digest: text });
const opened = object({ salt: text, value: orNull(text) });
const piece = byKey({ digest, value: object({ salt: text, value: text }) });
const field = byKey({
  raw: object({ salt: text, raw: oneOf(true), digest: text }),
  digest,
  pieces: object({ pieces: list(piece) }),
  salt: opened,
});

const entry = object({ entry: count, bytes: text, proof: list(text), fields: list(field) });
const segment = object({ entry: count, derivation: count, bytes: text, proof: list(text) });

const totals = object({
  ...{ records: count, decoded: count, lost: orNull(count), notCovered: count, items: count, findings: count },
  ...{ inScope: count, outOfScope: count, privileged: count, undecided: count, evidenceRoot: text },
});

const derivation = object({
  ...{ entry: count, capture: text, captureName: text, format: text, decoder: text, authority: text },
  ...{ complete: orNull(count), totals: orNull(totals), findings: list(count) },
});

const leaf = object({
  ...{ index: count, role: oneOf('selected', 'context', 'finding'), segment: count, position: count },
  ...{
    kind: oneOf(1, 2),
    previous: text,
    path: list(text),
    fields: list(field),
    withheld: list(text),
    because: list(count),
    raw: list(text),
    media: list(text),
  },
});

const conversation = object({
  ...{ derivation: count, conversation: orNull(text), nameWithheld: flag, shown: count },
  ...{ held: countOr('unknown'), withheld: oneOf('unknown', 0), findings: list(count) },
});

const limit = object({ derivation: count, code: text, detail: text, findings: count, records: orNull(count) });

const completeness = object({
  ...{ shown: count, context: count, inScope: orNull(count), outOfScope: orNull(count) },
  ...{ privileged: orNull(count), undecided: orNull(count), limits: list(limit), notes: list(text) },
  inventory: list(object({ derivation: count, field: text, received: count, shown: count })),
  notExamined: list(object({ derivation: count, findings: orNull(count), bytes: orNull(count) })),
  superseded: list(object({ derivation: count, by: count })),
});

const redaction = object({
  ...{ what: oneOf('field', 'item', 'span', 'value', 'media'), field: orNull(text), reason: orNull(text) },
  ...{ authority: orNull(text), items: count },
});

const annotation = object({
  ...{ index: count, what: oneOf('translation', 'note'), lang: orNull(text), text, by: orNull(text) },
});

const anchor = object({
  ...{ size: count, checkpoint: text, consistency: list(text), witnesses: list(text), tsa: orNull(text) },
  authority: flag,
});

const mention = object({
  ...{ class: text, type: text, value: text, start: count, end: count, tier: text, folds: list(text) },
  alternatives: list(object({ type: text, value: text })),
});

const mentions = list(object({ index: count, extractor: count, region: orNull(text), found: list(mention) }));

const required = {
  ...{ custodyExhibit: oneOf(1), exhibitRef: orNull(text), producer: orNull(text), asOf: text },
  ...{ case: object({ origin: text, title: text }), verifierKey: text, checkpoint: text, size: count },
  ...{ tool: object({ version: text, build: text }), selection: list(text), redacted: list(text) },
  ...{ entries: list(entry), derivations: list(derivation), segments: list(segment), leaves: list(leaf) },
  ...{ conversations: list(conversation), completeness, redactions: list(redaction), pdf: orNull(text) },
  ...{ media: oneOf(...exhibitMedia), lang: oneOf(...exhibitLanguages), timeZone: orNull(text) },
  annotations: list(annotation),
  anchors: list(anchor),
};

/** Exhibits of older builds have no mentions. */
const document: Shape = object(required, { mentions });

/** Reads `exhibit.json`: every key and type is checked, and a key that no exhibit has is refused. Throws EXHIBIT_MALFORMED. */
export function readDocument(bytes: Uint8Array): ExhibitDocument {
  if (bytes.length > DOCUMENT_MAX) throw malformed('exhibit.json is larger than any exhibit');
  const value = parse(bytes);
  if (version(value) !== 1) throw malformed('exhibit.json is not of version 1');
  document(value, 'exhibit');
  return value as ExhibitDocument;
}

function version(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'custodyExhibit' in value ? value.custodyExhibit : null;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Decode(bytes));
  } catch {
    throw malformed('exhibit.json is not JSON in UTF-8');
  }
}
