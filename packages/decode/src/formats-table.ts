import type { Format } from './format.ts';

/** What is said of each format, as a table in Markdown: the one in formats/README.md is this one, under test. */
export function formatsTable(formats: readonly Format[]): string {
  const rows = formats.map(({ name, title, versions, keyMaterial, authentication, notCovered }) => [
    `\`${name}\`: ${title}`,
    ...[versions, keyMaterial, authentication, notCovered],
  ]);
  const head = ['format', 'versions', 'key material', 'what its own cryptography shows', 'not covered'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |\n`).join('');
}

/** A cell stands in one line, and a bar inside it would end it. */
function cell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|');
}
