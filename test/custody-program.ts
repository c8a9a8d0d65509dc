import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../packages/cli/bin/custody.js', import.meta.url));

/** As packages/cli/bin/custody.js has them. */
const FLAGS = [
  ...['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', '--initial-old-space-size=48'],
  '--conditions=source',
];

/**
 * Arguments for node that run the command: bundled where the set-up of this run made a bundle of the sources, by its
 * launcher where it did not (`npm run test:long`).
 */
export function custodyProgram(): readonly string[] {
  const bundle = process.env.CUSTODY_TEST_BUNDLE;
  return bundle === undefined ? [launcher] : [...FLAGS, join(bundle, 'main.js')];
}
