/** One row of the floor table of packages/README.md. */
export interface FloorRow {
  readonly floor: number;
  readonly name: string;
  /** Names of the packages it may import. */
  readonly mayImport: ReadonlySet<string>;
}

/** Reads the floor table: `| floor | package | knows | may import | must not know |`. Throws where it makes no sense. */
export function readFloorTable(markdown: string): ReadonlyMap<string, FloorRow> {
  const cells = markdown
    .split('\n')
    .filter((line) => /^\|\s*\d+\s*\|/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const floors = new Map(cells.map((row) => [row[2] ?? '', Number(row[1])]));
  if (floors.size !== cells.length || floors.size === 0)
    throw new Error('the floor table is empty or names a package twice');
  return new Map(
    cells.map(([, floor = '', name = '', , mayImport = '']) => {
      const row = { floor: Number(floor), name, mayImport: new Set(readNames(mayImport, Number(floor), floors)) };
      for (const other of row.mayImport) {
        if ((floors.get(other) ?? Number.POSITIVE_INFINITY) >= row.floor) {
          throw new Error(`floor table: ${name} may not import ${other}, which is unknown or not below it`);
        }
      }
      return [name, row];
    }),
  );
}

/** `–`, `all below`, `NAME and below` or a list of names. */
function readNames(text: string, floor: number, floors: ReadonlyMap<string, number>): string[] {
  if (text === '–' || text === '') return [];
  if (text === 'all below') return [...floors.keys()].filter((name) => (floors.get(name) ?? 0) < floor);
  const andBelow = /^(\S+) and below$/.exec(text)?.[1];
  if (andBelow === undefined) return text.split(',').map((name) => name.trim());
  const top = floors.get(andBelow) ?? -1;
  return [...floors.keys()].filter((name) => name === andBelow || (floors.get(name) ?? 0) < top);
}
