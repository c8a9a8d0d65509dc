import { type Case, openCase } from '@custody/case';
import { isViewName, openVault, type Vault } from '@custody/vault';

/** Objects in the air at a time. */
const AT_ONCE = 16;

/**
 * Copies a case to another place, all but its sealed originals: enough to ask it questions. Resolves with the number of
 * objects. It cannot be verified or decoded again there.
 */
export async function copyWithoutOriginals(from: string, to: string): Promise<number> {
  const [source, target] = [await openVault(from), await openVault(to)];
  const names: string[] = [];
  for await (const { name } of source.list('')) if (!name.startsWith('originals/')) names.push(name);
  let next = 0;
  const copier = async (): Promise<void> => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) await copy(source, target, name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, copier));
  const opened: Case = await openCase(to);
  if (opened.ledger.segments.length === 0) throw new Error('the copied case has no segments');
  return names.length;
}

async function copy(source: Vault, target: Vault, name: string): Promise<void> {
  const bytes = await source.read(name);
  if (isViewName(name)) await target.replace(name, bytes);
  else await target.create(name, bytes);
}
