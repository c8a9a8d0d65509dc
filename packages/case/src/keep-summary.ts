import type { PreparedFile } from './derive.ts';

/** Keeps what `finish` will need; joined as it comes where the format can, so that it does not grow with the capture. */
export function keepSummary({ format, plan }: PreparedFile, kept: unknown[], summary: unknown): void {
  if (format.combine !== undefined && kept.length > 0) kept[0] = format.combine(plan, kept[0], summary);
  else kept.push(summary);
}
