const text = { type: 'string', minLength: 1, maxLength: 2000 } as const;
const day = { type: 'string', format: 'custody-time' } as const;
const party = {
  type: 'object',
  required: ['type', 'value'],
  properties: { type: text, value: text },
  additionalProperties: false,
} as const;

/** JSON Schema (2020-12) of a warrant file. Unknown keys are mistakes: a restriction misspelt would restrict nothing. */
export const authoritySchema: Readonly<Record<string, unknown>> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['id', 'reference', 'issuedBy', 'jurisdiction', 'legalBasis', 'validFrom', 'validTo', 'scope'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._/:-]{0,199}$' },
    reference: text,
    issuedBy: text,
    jurisdiction: text,
    legalBasis: text,
    validFrom: day,
    validTo: day,
    scope: {
      type: 'object',
      required: ['period'],
      additionalProperties: false,
      properties: {
        period: {
          type: 'object',
          required: ['from', 'to'],
          additionalProperties: false,
          properties: { from: day, to: day },
        },
        targets: { type: 'array', minItems: 1, maxItems: 100_000, items: party },
        platforms: { type: 'array', minItems: 1, maxItems: 100, items: text },
        contentClasses: {
          type: 'array',
          minItems: 1,
          maxItems: 20,
          items: { type: 'string', format: 'content-class' },
        },
        undated: { enum: ['standing', 'undecided'] },
      },
    },
    type: text,
    document: {
      type: 'object',
      required: ['sha256'],
      additionalProperties: false,
      properties: { sha256: { type: 'string', pattern: '^[0-9a-fA-F]{64}$' } },
    },
    privileged: {
      type: 'array',
      maxItems: 10_000,
      items: {
        type: 'object',
        required: ['type', 'value', 'role'],
        properties: { type: text, value: text, role: text },
        additionalProperties: false,
      },
    },
    grantees: { type: 'array', minItems: 1, maxItems: 10_000, items: text },
    use: { enum: ['evidence', 'intelligence-only'] },
    examineUntil: day,
    retainUntil: day,
  },
};
