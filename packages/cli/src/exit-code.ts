import { CustodyError } from '@custody/bytes';
import { RefusedError } from '@custody/case';

/** Exit codes of the contract. */
export const EXIT = {
  ok: 0,
  usage: 1,
  findings: 2,
  integrity: 3,
  refused: 4,
  unavailable: 5,
  nothingDecoded: 6,
} as const;

/** The exit code an error means. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof RefusedError) return EXIT.refused;
  if (!(error instanceof CustodyError)) return EXIT.usage;
  if (error.code === 'NO_RIGHTS' || error.code === 'SEALED_TO_OTHERS') return EXIT.refused;
  if (error.family === 'integrity' || error.family === 'format') return EXIT.integrity;
  return error.family === 'unavailable' ? EXIT.unavailable : EXIT.usage;
}
