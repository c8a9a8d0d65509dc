import type { JsonScanner } from './json-scanner.ts';
import { TEXT } from './record-values.ts';

/** Why the JSON in a plaintext cannot be used; null: its values are those of `inner`. `body` -1: it needs no body. */
export function innerProblem(
  inner: JsonScanner,
  text: boolean,
  { bytes, start, end, body }: { bytes: Buffer; start: number; end: number; body: number },
): string | null {
  if (!text || !inner.scan(bytes, start, end)) return 'the sealed text is not the JSON that the profile describes';
  return body < 0 || inner.values.kinds[body] === TEXT ? null : 'the sealed JSON has no text where the profile says';
}
