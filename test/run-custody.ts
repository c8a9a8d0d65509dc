import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { custodyProgram } from './custody-program.ts';

export interface Run {
  /** The contract's exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The user's home: what is configured there is all that this run sees of earlier ones. */
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

/** Runs `custody ARGS` as a user would, with a home of its own; rejects only when a signal ended it. */
export async function runCustody(args: readonly string[], options: RunOptions): Promise<Run> {
  const { CUSTODY_IDENTITY: _, NODE_OPTIONS: __, ...inherited } = process.env;
  const home = { HOME: options.home, XDG_CONFIG_HOME: `${options.home}/.config` };
  // The compile cache is no part of what is tested, and makes every start faster.
  const folder = process.env.XDG_CACHE_HOME ?? `${process.env.HOME ?? options.home}/.cache`;
  const cache = { XDG_CACHE_HOME: folder, NODE_COMPILE_CACHE: `${folder}/custody/compiled` };
  const child = spawn(process.execPath, [...custodyProgram(), ...args], {
    env: { ...inherited, ...home, ...cache, ...options.env },
    stdio: 'pipe',
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input);
  const exit = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
  if (code === null) throw new Error(`custody ${args.join(' ')} was ended by ${signal}:\n${stderr}`);
  return { code, stdout, stderr };
}

/** The objects of newline-delimited JSON. */
export function readLines<T>(stdout: string): T[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}
