import { unknownFormatName } from './errors.ts';
import type { Claim, Format, Probe } from './format.ts';
import { formatFamilies } from './format-families.ts';

export { probeOf } from './probe-of.ts';

/** Every format this build decodes, all of them loaded. The order decides between equal claims. */
export const formats: readonly Format[] = (await Promise.all(formatFamilies.map((family) => family.load()))).flat();

/** Formats that claim a file, certain ones first. */
export function detectFormat(probe: Probe): readonly { readonly format: Format; readonly claim: Claim }[] {
  const claims: { format: Format; claim: Claim }[] = [];
  for (const format of formats) {
    if (format.onRequest === true) continue;
    const claim = format.detect(probe);
    if (claim !== null) claims.push({ format, claim });
  }
  const rank = ({ claim }: { claim: Claim }) => (claim.confidence === 'certain' ? 0 : 1);
  return claims.sort((a, b) => rank(a) - rank(b));
}

/** Throws UsageError FORMAT_NAME_UNKNOWN that lists the names there are. */
export function formatByName(name: string): Format {
  const found = formats.find((format) => format.name === name);
  if (found === undefined)
    throw unknownFormatName(
      name,
      formats.map((format) => format.name),
    );
  return found;
}
