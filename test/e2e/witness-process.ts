import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { custodyProgram } from '../custody-program.ts';

/** `custody witness serve`, running. */
export class WitnessProcess {
  readonly #child: ChildProcess;
  /** Its first line. */
  readonly line: { readonly listening: string; readonly witness: string };

  private constructor(child: ChildProcess, line: WitnessProcess['line']) {
    this.#child = child;
    this.line = line;
  }

  static async start(terms: {
    key: string;
    store: string;
    logs: readonly string[];
    home: string;
  }): Promise<WitnessProcess> {
    const logs = terms.logs.flatMap((log) => ['--log', log]);
    const args = ['witness', 'serve', '--key', terms.key, '--store', terms.store, ...logs, '--port', '0', '--json'];
    const env = { ...process.env, HOME: terms.home, XDG_CONFIG_HOME: `${terms.home}/.config` };
    const child = spawn(process.execPath, [...custodyProgram(), ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return new WitnessProcess(child, JSON.parse(line) as WitnessProcess['line']);
  }

  /** As `custody witness ask --witness` takes it. */
  get address(): string {
    return `${this.line.listening}=${this.line.witness}`;
  }

  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    return ((await exit) as [number | null])[0];
  }
}
