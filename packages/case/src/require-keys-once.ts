import { usage } from './errors.ts';

/** Strings, with what makes them a key, and borders of objects: in valid JSON nothing else matters here. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/g;

/**
 * Refuses valid JSON of which an object has a key twice (RFC 8259 4: what that means is up to the reader). Of a warrant or an
 * order only one of the two would be heeded, and whoever signed it may have meant the other. Throws UsageError ARGUMENT_INVALID.
 */
export function requireKeysOnce(json: string, what: string): void {
  const open: Set<string>[] = [];
  for (const [token, colon] of json.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true)
        throw usage('ARGUMENT_INVALID', `${what}: "${key.slice(0, 80)}" stands twice in one object: say it once`);
      keys?.add(key);
    }
  }
}
