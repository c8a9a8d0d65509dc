import type { Authentication } from '@custody/evidence';
import { isList } from './is-list.ts';
import type { BytesOf, Recipe, Step } from './recipe.ts';

/** What items say of a payload that a recipe opened: with its tag or MAC right, and without. */
export function statementsOf(recipe: Recipe): {
  readonly verified: Authentication;
  readonly unverified: Authentication;
} {
  const mechanism = recipe.steps.flatMap(mechanismOf).join(', ') || 'a derivation without a cipher';
  return {
    verified: {
      mechanism,
      result: 'verified',
      proves: `${coveredText(recipe)} ${whoText(recipe)} The other fields of the record are not covered.`,
    },
    unverified: {
      mechanism,
      result: 'not-verified',
      proves:
        'No tag or MAC over the sealed text was found right, because the dump has none. The text was decrypted with the supplied key; nothing shows that the record is unaltered.',
    },
  };
}

function mechanismOf(step: Step): string[] {
  if (step.do === 'decrypt')
    return [step.tag === undefined && step.cipher === 'aes-gcm' ? 'aes-gcm without its tag' : step.cipher];
  if (step.do === 'verify-mac')
    return [step.truncate === undefined ? step.mac : `${step.mac} cut to ${step.truncate} bytes`];
  if (step.do === 'open') return [step.standard];
  if (step.do === 'agree') return [`key agreement on ${step.curve}`];
  return step.do === 'unwrap' ? [`key wrapped by ${step.wrap}`] : [];
}

function coveredText({ steps }: Recipe): string {
  const fields = new Set<string>();
  for (const step of steps) {
    if (step.do === 'decrypt' && step.aad !== undefined) fieldsIn(step.aad, fields);
    if (step.do === 'verify-mac') fieldsIn(step.over, fields);
  }
  const and = fields.size === 0 ? '' : ` and the fields ${[...fields].join(', ')}`;
  return `The sealed text${and} are as a holder of the key sealed them.`;
}

function fieldsIn(bytes: BytesOf, out: Set<string>): void {
  if (typeof bytes === 'string') return;
  if (isList(bytes)) for (const part of bytes) fieldsIn(part, out);
  else if ('field' in bytes) out.add([bytes.field].flat().join('.'));
}

function whoText({ steps }: Recipe): string {
  if (steps.some((step) => step.do === 'decrypt' && step.cipher === 'box'))
    return 'Either end of the box, sender or recipient, could have sealed it.';
  const forPublicKey = steps.some(
    (step) =>
      step.do === 'agree' ||
      step.do === 'open' ||
      (step.do === 'unwrap' && step.wrap.startsWith('rsa')) ||
      (step.do === 'decrypt' && step.cipher === 'sealed-box'),
  );
  if (forPublicKey) return 'Anybody who knew the public key could have sealed them: this does not show who did.';
  return 'Anybody who had the key could have sealed them, the supplier of the dump included.';
}
