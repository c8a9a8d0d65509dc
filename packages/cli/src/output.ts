import { once } from 'node:events';

/** Machine-readable lines and summaries go to stdout, everything else to stderr. */
export class Output {
  readonly json: boolean;

  constructor(json: boolean) {
    this.json = json;
  }

  /** One line: the object as JSON, or the text made of it. */
  async line<T>(value: T, text: (value: T) => string): Promise<void> {
    await write(`${this.json ? JSON.stringify(value) : text(value)}\n`);
  }

  /** A piece of a line that is too long to be one string. */
  async bytes(piece: Uint8Array | string): Promise<void> {
    await write(piece);
  }

  /** Text for a person only; silent with `--json`. */
  async say(text: string): Promise<void> {
    if (!this.json) await write(`${text}\n`);
  }

  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}

async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Message text on a terminal: control characters are shown, never obeyed. */
export function visible(text: string): string {
  return [...text].map((char) => (isHidden(char.codePointAt(0) ?? 0) ? escaped(char) : char)).join('');
}

/** C0 and C1 controls but tab and newline, and the marks that reorder or hide text (Unicode 9.0, bidirectional controls). */
function isHidden(code: number): boolean {
  if (code < 0x20) return code !== 0x09 && code !== 0x0a;
  if (code >= 0x7f && code <= 0x9f) return true;
  return (
    code === 0x061c ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

function escaped(char: string): string {
  return `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

/** Plain columns for people. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)), []);
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
