import { recipeFields } from '../recipe/recipe-fields.ts';
import type { FieldPath, RecordProfile, SealedPayload } from './profile.ts';
import type { UsedField } from './used-field.ts';

/** Every field of a record that its profile reads, in the order of the profile's own parts. */
export function fieldsOf(record: RecordProfile): UsedField[] {
  const out: UsedField[] = [];
  const add = (field: FieldPath | undefined, where: string) => {
    if (field !== undefined) out.push({ field, where });
  };
  add(record.when?.field, '/when/field');
  add(record.messageId, '/messageId');
  add(record.conversation, '/conversation');
  add(record.sender?.field, '/sender/field');
  add(record.recipients?.field, '/recipients/field');
  add(record.owner?.field, '/owner/field');
  add(record.sentAt?.field, '/sentAt/field');
  add(record.direction?.field, '/direction/field');
  add(record.body, '/body');
  if (record.sealed !== undefined) sealedFields(record.sealed, add);
  if (record.recipe !== undefined)
    for (const used of recipeFields(record.recipe)) add(used.field, `/recipe${used.where}`);
  add(record.sequence?.field, '/sequence/field');
  add(record.sequence?.stream, '/sequence/stream');
  for (const [name, value] of Object.entries(record.fields ?? {})) add(value.field, `/fields/${name}/field`);
  return out;
}

function sealedFields(sealed: SealedPayload, add: (field: FieldPath | undefined, where: string) => void): void {
  add(sealed.key?.field, '/sealed/key/field');
  add(sealed.iv.field, '/sealed/iv/field');
  add(sealed.ciphertext.field, '/sealed/ciphertext/field');
  add(sealed.tag?.field, '/sealed/tag/field');
  sealed.aad?.forEach((part, i) => {
    if ('field' in part) add(part.field, `/sealed/aad/${i}/field`);
  });
  add(sealed.supported?.field, '/sealed/supported/field');
}
