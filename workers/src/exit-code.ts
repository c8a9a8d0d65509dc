import type { CustodyError } from '@custody/bytes';

/** Exit codes of the contract that a worker can end with. */
export const EXIT = { ok: 0, usage: 1, integrity: 3, refused: 4, unavailable: 5 } as const;

/** The exit code an error means. */
export function exitCodeOf({ code, family }: CustodyError): number {
  if (code === 'NO_RIGHTS' || code === 'SEALED_TO_OTHERS') return EXIT.refused;
  if (family === 'integrity' || family === 'format') return EXIT.integrity;
  return family === 'unavailable' ? EXIT.unavailable : EXIT.usage;
}
