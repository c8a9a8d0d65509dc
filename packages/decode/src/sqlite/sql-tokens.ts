/** One token of a CREATE statement. */
export interface SqlToken {
  /** word: bare identifier or keyword; name: quoted identifier; the rest as in SQL. */
  readonly kind: 'word' | 'name' | 'string' | 'blob' | 'number' | 'mark';
  /** Unquoted. */
  readonly text: string;
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\s+|[xX]'([0-9a-fA-F]*)'|'([^']*(?:''[^']*)*)(?:'|$)|"([^"]*(?:""[^"]*)*)(?:"|$)|`([^`]*(?:``[^`]*)*)(?:`|$)|\[([^\]]*)(?:\]|$)|(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([\p{L}_$\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*)|([\s\S])/guy;

/**
 * Splits SQL into tokens, https://www.sqlite.org/draft/tokenreq.html; what is no token becomes a mark of its own. Quotes end at the
 * end of the text at the latest, so that no text takes more than one pass.
 */
export function readSqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (const match of sql.matchAll(TOKEN)) {
    const [, blob, string, double, backtick, bracket, number, word, mark] = match;
    if (blob !== undefined) tokens.push({ kind: 'blob', text: blob });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else if (double !== undefined) tokens.push({ kind: 'name', text: double.replaceAll('""', '"') });
    else if (backtick !== undefined) tokens.push({ kind: 'name', text: backtick.replaceAll('``', '`') });
    else if (bracket !== undefined) tokens.push({ kind: 'name', text: bracket });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
  }
  return tokens;
}

export function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}

export function isMark(token: SqlToken | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark;
}
