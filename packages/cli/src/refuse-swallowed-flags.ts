import { UsageError } from '@custody/bytes';
import type { Command } from 'commander';

/**
 * A flag that wants a value takes whatever stands behind it, another flag too: `--receipt --json` would write a file
 * called `--json`, and be silent about it. `--receipt=--json` says that it is meant. Throws UsageError ARGUMENT_INVALID.
 */
export function refuseSwallowedFlags(command: Command, args: readonly string[]): void {
  for (const [i, word] of args.entries()) {
    const taker = command.options.find(({ long, short }) => word === long || word === short);
    const next = args[i + 1];
    if (taker?.required !== true || !command.options.some(({ long }) => long === next)) continue;
    throw new UsageError(
      'ARGUMENT_INVALID',
      `${word} wants a value, and ${next} is a flag (if it is meant: ${taker.long}=${next})`,
    );
  }
}
