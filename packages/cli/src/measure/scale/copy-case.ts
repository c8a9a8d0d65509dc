import { isViewName, openVault, type Vault } from '@custody/vault';

/** Objects in the air at a time. */
const AT_ONCE = 16;

/** Copies the objects of a case that are wanted to another place: a directory or S3. Resolves with their number. */
export async function copyCase(from: string, to: string, wanted: (name: string) => boolean): Promise<number> {
  const [source, target] = [await openVault(from), await openVault(to)];
  const names: string[] = [];
  for await (const { name } of source.list('')) if (wanted(name)) names.push(name);
  let next = 0;
  const copier = async (): Promise<void> => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) await copy(source, target, name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, copier));
  return names.length;
}

async function copy(source: Vault, target: Vault, name: string): Promise<void> {
  const bytes = await source.read(name);
  if (isViewName(name)) await target.replace(name, bytes);
  else await target.create(name, bytes);
}
