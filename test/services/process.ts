import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const SETPRIV = '/usr/bin/setpriv';
/** Debian's `nobody`: a service started by root gives its rights away. */
const NOBODY = 65534;

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where its output goes; quoted when it fails. */
  readonly log: string;
}

/** The uid and gid that services run under, or null where they run as ourselves. */
export const serviceUser: number | null = process.getuid?.() === 0 && existsSync(SETPRIV) ? NOBODY : null;

/** Full path of an installed program, or null. */
export function programPath(name: string): string | null {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin']) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}

/** Starts a program that the kernel ends with this process, however this process ends. */
export function startProgram(program: Program): ChildProcess {
  const log = openSync(program.log, 'a');
  const [file, args] = wrapped(program.file, program.args, ['--pdeathsig', 'KILL']);
  const child = spawn(file, args, { stdio: ['ignore', log, log], env: { ...process.env, ...program.env } });
  closeSync(log);
  child.unref();
  return child;
}

/** Runs a program to its end and returns its standard output; throws with its complaints. */
export async function runProgram(program: Omit<Program, 'log'>): Promise<string> {
  const [file, args] = wrapped(program.file, program.args, []);
  const { stdout } = await execute(file, args, { env: { ...process.env, ...program.env }, timeout: 60_000 });
  return stdout;
}

/** Ends a program at once and waits until it is gone. */
export async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** A port nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port to be had');
  return address.port;
}

/** Asks `ready` until it says yes; throws with the program's last words when it ends first or time runs out. */
export async function untilReady(child: ChildProcess, log: string, ready: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!(await ready().catch(() => false))) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || Date.now() > deadline) {
      throw new Error(`${child.spawnargs.join(' ')} ${ended ? 'ended' : 'never got ready'}:\n${lastLines(log)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function lastLines(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(-15).join('\n') : '(no log)';
}

function wrapped(file: string, args: readonly string[], bond: readonly string[]): [string, string[]] {
  if (!existsSync(SETPRIV)) return [file, [...args]];
  const user = serviceUser === null ? [] : [`--reuid=${serviceUser}`, `--regid=${serviceUser}`, '--clear-groups'];
  return [SETPRIV, [...user, ...bond, file, ...args]];
}
