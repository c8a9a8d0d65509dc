import { parseAst } from 'vitest/node';

export interface ImportUse {
  readonly specifier: string;
  readonly line: number;
  /** `url` is `new URL(…, import.meta.url)`: a worker entry or a file beside the source; `choice` is one that chooses. */
  readonly kind: 'static' | 'dynamic' | 'url' | 'choice';
}

export interface FunctionFact {
  readonly line: number;
  readonly lines: number;
  /** Handed to a call as it is written: `describe(…, () => { … })`. */
  readonly isArgument: boolean;
}

/** What the boundary rules need to know of one TypeScript file. */
export interface SourceFacts {
  readonly lines: number;
  readonly imports: readonly ImportUse[];
  readonly functions: readonly FunctionFact[];
  /** Lines of `export *`, of default exports, of the type `any`. */
  readonly exportsAll: readonly number[];
  readonly defaultExports: readonly number[];
  readonly anys: readonly number[];
  /** Lines of statements that are not `export { names } from '…'`. */
  readonly notListing: readonly number[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Parses a file with Vite's own parser and gathers its facts; throws where it does not parse. */
export function readSourceFacts(path: string, source: string): SourceFacts {
  const program = parseAst(source, { lang: 'ts', astType: 'ts', sourceType: 'module' }, path) as unknown as Node;
  const collector = new Collector(source);
  collector.visit(program, null);
  return collector.facts(program);
}

class Collector {
  readonly #lineStarts: readonly number[];
  readonly #imports: ImportUse[] = [];
  readonly #functions: FunctionFact[] = [];
  readonly #exportsAll: number[] = [];
  readonly #defaultExports: number[] = [];
  readonly #anys: number[] = [];

  constructor(source: string) {
    this.#lineStarts = [...source.matchAll(/^/gm)].map((match) => match.index);
  }

  visit(node: Node, parent: Node | null): void {
    this.#note(node, parent);
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) this.visit(child, node);
    }
  }

  facts(program: Node): SourceFacts {
    const body = program.body as Node[];
    const notListing = body.filter((node) => node.type !== 'ExportNamedDeclaration' || !isNode(node.source));
    return {
      lines: this.#lineStarts.length,
      imports: this.#imports,
      functions: this.#functions,
      exportsAll: this.#exportsAll,
      defaultExports: this.#defaultExports,
      anys: this.#anys,
      notListing: notListing.map((node) => this.#line(node.start)),
    };
  }

  #note(node: Node, parent: Node | null): void {
    const line = this.#line(node.start);
    if (node.type === 'TSAnyKeyword') this.#anys.push(line);
    if (node.type === 'ExportAllDeclaration') this.#exportsAll.push(line);
    if (node.type === 'ExportDefaultDeclaration') this.#defaultExports.push(line);
    if (FUNCTIONS.has(node.type)) this.#noteFunction(node, parent);
    for (const use of importsOf(node)) this.#imports.push({ ...use, line });
  }

  #noteFunction(node: Node, parent: Node | null): void {
    const line = this.#line(node.start);
    const isArgument = parent?.type === 'CallExpression' && (parent.arguments as unknown[]).includes(node);
    this.#functions.push({ line, lines: this.#line(node.end - 1) - line + 1, isArgument });
  }

  #line(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

type Use = Omit<ImportUse, 'line'>;

function importsOf(node: Node): Use[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'TSImportType':
      return named(node.source ?? node.argument, 'static');
    case 'ImportExpression':
      return named(node.source, 'dynamic');
    case 'NewExpression':
      return urlBesideSource(node);
    default:
      return [];
  }
}

function urlBesideSource(node: Node): Use[] {
  const [path, base] = node.arguments as Node[];
  const isUrl = (node.callee as Node).name === 'URL';
  if (!isUrl || base?.type !== 'MemberExpression' || (base.object as Node).type !== 'MetaProperty') return [];
  if (path?.type !== 'ConditionalExpression') return named(path, 'url');
  return [...named(path.consequent, 'choice'), ...named(path.alternate, 'choice')];
}

/** The specifier as far as it is written out: `./x${suffix}` counts as `./x`. */
function named(node: unknown, kind: ImportUse['kind']): Use[] {
  if (!isNode(node)) return [];
  if (typeof node.value === 'string') return [{ specifier: node.value, kind }];
  if (node.type !== 'TemplateLiteral') return [];
  const [first] = node.quasis as { value: { cooked: string } }[];
  return [{ specifier: first?.value.cooked ?? '', kind: (node.quasis as unknown[]).length > 1 ? 'choice' : kind }];
}
