import { unknownFormatName } from './errors.ts';
import type { Claim, Format, Probe } from './format.ts';
import { formatFamilies } from './format-families.ts';

/** A format by its name; only its own code is loaded. Throws UsageError FORMAT_NAME_UNKNOWN that lists the names there are. */
export async function loadFormat(name: string): Promise<Format> {
  const family = formatFamilies.find(({ names }) => names.includes(name));
  const names = formatFamilies.flatMap((one) => one.names);
  if (family === undefined) throw unknownFormatName(name, names);
  return (await family.load())[family.names.indexOf(name)] as Format;
}

/** Every format this build decodes. */
export async function loadFormats(): Promise<readonly Format[]> {
  return (await import('./registry.ts')).formats;
}

/** Formats that claim a file, certain ones first. */
export async function detectFormat(
  probe: Probe,
): Promise<readonly { readonly format: Format; readonly claim: Claim }[]> {
  return (await import('./registry.ts')).detectFormat(probe);
}
