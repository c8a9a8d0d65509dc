import { openAge } from './open-age.ts';
import { openCms } from './open-cms.ts';
import { openCose } from './open-cose.ts';
import { openJwe, openJweJson } from './open-jwe.ts';
import { openOpenpgp } from './open-openpgp.ts';
import type { OpenedStandard } from './opened-standard.ts';
import type { StandardName } from './recipe.ts';

/** Opens a whole envelope. Throws StepFailure. */
export function openStandard(
  standard: StandardName,
  bytes: Buffer,
  { key, aad, password }: { key: Buffer; aad: Buffer | null; password: Buffer | null },
): OpenedStandard {
  switch (standard) {
    case 'jwe':
      return { text: openJwe(bytes, key), authenticated: true };
    case 'jwe-json':
      return { text: openJweJson(bytes, key), authenticated: true };
    case 'cose':
      return { text: openCose(bytes, { key, aad }), authenticated: true };
    case 'cms':
      return openCms(bytes, key);
    case 'age':
      return { text: openAge(bytes, key), authenticated: true };
    case 'openpgp':
      return openOpenpgp(bytes, key, password);
  }
}
