import type { ErrorObject } from 'ajv/dist/2020.js';
import { contentClasses } from './content-class.ts';

/** A mistake in a file that a person wrote, in words, with its place. */
export function explainMistake(error: ErrorObject): string {
  const path = error.instancePath === '' ? '/' : error.instancePath;
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'additionalProperties') return `${path}: unknown key "${String(params.additionalProperty)}"`;
  if (error.keyword === 'required') return `${path}: "${String(params.missingProperty)}" is missing`;
  if (error.keyword === 'enum') return `${path}: must be one of ${(params.allowedValues as string[]).join(', ')}`;
  if (params.format === 'custody-time') return `${path}: must be YYYY-MM-DD, or a date and time with its zone`;
  if (params.format === 'content-class') return `${path}: must be one of ${contentClasses.join(', ')}`;
  return `${path}: ${error.message ?? error.keyword}`;
}
