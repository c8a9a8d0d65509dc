import type { UsedField } from '../profile/used-field.ts';
import { isList } from './is-list.ts';
import type { BytesOf, Recipe, Step } from './recipe.ts';

/** Keys of a step that hold bytes. */
const BYTES = [
  ...['from', 'id', 'over', 'key', 'secret', 'salt', 'info', 'password', 'private', 'public'],
  ...['wrapped', 'label', 'tag', 'iv', 'ciphertext', 'aad', 'data'],
] as const;

/** Each place of a step that reads bytes, with its path in the step. */
export function bytesIn(step: Step): { readonly bytes: BytesOf; readonly where: string }[] {
  const values = step as unknown as Readonly<Record<string, BytesOf | undefined>>;
  return BYTES.flatMap((name) => {
    const bytes = values[name];
    return bytes === undefined ? [] : [{ bytes, where: `/${name}` }];
  });
}

/** Every field of the record that a recipe reads, and where in the recipe it says so. */
export function recipeFields(recipe: Recipe): UsedField[] {
  const out: UsedField[] = [];
  recipe.steps.forEach((step, i) => {
    for (const { bytes, where } of bytesIn(step)) collect(bytes, `/steps/${i}${where}`, out);
    for (const name of ['length', 'iterations'] as const) {
      const number = (step as unknown as Readonly<Record<string, unknown>>)[name];
      if (typeof number === 'object' && number !== null && 'field' in number)
        out.push({ field: number.field as string, where: `/steps/${i}/${name}/field` });
    }
  });
  if (recipe.supported !== undefined) out.push({ field: recipe.supported.field, where: '/supported/field' });
  return out;
}

/** Names of earlier values that bytes refer to, with their place. */
export function namesIn(bytes: BytesOf, where: string): { readonly name: string; readonly where: string }[] {
  if (typeof bytes === 'string') return [{ name: bytes, where }];
  if (isList(bytes)) return bytes.flatMap((part, i) => namesIn(part, `${where}/${i}`));
  if ('of' in bytes) return [{ name: bytes.of, where: `${where}/of` }];
  return 'lengthOf' in bytes ? namesIn(bytes.lengthOf, `${where}/lengthOf`) : [];
}

function collect(bytes: BytesOf, where: string, out: UsedField[]): void {
  if (typeof bytes === 'string') return;
  if (isList(bytes)) {
    for (const [i, part] of bytes.entries()) collect(part, `${where}/${i}`, out);
  } else if ('field' in bytes) out.push({ field: bytes.field, where: `${where}/field` });
  else if ('lengthOf' in bytes) collect(bytes.lengthOf, `${where}/lengthOf`, out);
}
