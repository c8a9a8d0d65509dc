import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Name of a Chromium of this machine; undefined where there is none. */
export const chromium: string | undefined = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

const QUIET = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage'],
];

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly request?: { readonly url: string } };
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Milliseconds within which a browser that has started answers. */
const ANSWER = 15_000;

async function inTime<T>(answer: Promise<T>, milliseconds: number, what: string): Promise<T> {
  const done = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: done.signal }).then(() => {
    throw new Error(`no answer from Chromium to ${what}`);
  });
  late.catch(() => undefined);
  return Promise.race([answer, late]).finally(() => done.abort());
}

/** One page of a real Chromium, driven over the DevTools protocol. */
export class ChromiumPage {
  /** Every address that the page asked for. */
  readonly requested: string[] = [];
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #next = 1;

  private constructor(child: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener('message', (event) => {
      const answer = JSON.parse(String(event.data)) as Answer;
      if (answer.method === 'Network.requestWillBeSent') this.requested.push(answer.params?.request?.url ?? '');
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
    });
  }

  /**
   * Starts a browser of its own with one empty page. A browser that does not answer in time is ended and another one
   * is started, said on the console: a busy machine now and then gets one that never answers.
   */
  static async start(): Promise<ChromiumPage> {
    for (let attempt = 1; ; attempt++) {
      const profile = mkdtempSync(join(tmpdir(), 'custody-chromium-'));
      const args = [...QUIET, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
      const child = spawn(chromium as string, args, { stdio: 'ignore' });
      try {
        return await ChromiumPage.#attach(child, profile);
      } catch (error) {
        child.kill('SIGKILL');
        if (attempt === 4) throw error;
        console.warn(`Chromium was started again: ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  static async #attach(child: ChildProcess, profile: string): Promise<ChromiumPage> {
    const file = join(profile, 'DevToolsActivePort');
    const written = () => existsSync(file) && readFileSync(file, 'utf8').includes('\n');
    for (let i = 0; i < 300 && !written(); i++) await sleep(100);
    const [port] = readFileSync(file, 'utf8').split('\n');
    const list = fetch(`http://127.0.0.1:${port}/json/list`, { signal: AbortSignal.timeout(ANSWER) });
    const pages = (await (await list).json()) as { type: string; webSocketDebuggerUrl: string }[];
    const socket = new WebSocket(pages.find((one) => one.type === 'page')?.webSocketDebuggerUrl ?? '');
    const opened = new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    await inTime(opened, ANSWER, 'a connection to the page');
    const page = new ChromiumPage(child, profile, socket);
    for (const method of ['Page.enable', 'DOM.enable', 'Network.enable']) await page.send(method, {}, ANSWER);
    return page;
  }

  /** Result of a DevTools method; an error names the method when nothing comes back in time. */
  async send(method: string, params: object = {}, milliseconds = 60_000): Promise<Record<string, unknown>> {
    const id = this.#next++;
    const sent = new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
    const answer = await inTime(sent, milliseconds, method).finally(() => this.#waiting.delete(id));
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result ?? {};
  }

  /** Opens a file of this machine as somebody who double-clicks it does. */
  async open(path: string): Promise<void> {
    await this.send('Page.navigate', { url: `file://${path}` });
    await this.until(`document.readyState === 'complete' && location.href.startsWith('file:')`);
  }

  /** Value of an expression in the page, as JSON carries it. */
  async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: T }).value;
  }

  async until(expression: string, seconds = 60): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(await this.value<boolean>(`Boolean(${expression})`))) {
      if (Date.now() > end) throw new Error(`the page never came to: ${expression}`);
      await sleep(20);
    }
  }

  /** Chooses a file in the page's file field. */
  async choose(selector: string, path: string): Promise<void> {
    const { root } = await this.send('DOM.getDocument');
    const { nodeId } = await this.send('DOM.querySelector', { nodeId: (root as { nodeId: number }).nodeId, selector });
    await this.send('DOM.setFileInputFiles', { nodeId, files: [path] });
  }

  /** A PNG of what a window of that size shows. */
  async screenshot(width: number, height: number): Promise<Buffer> {
    const size = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.send('Emulation.setDeviceMetricsOverride', size);
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(String(data), 'base64');
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    // The browser may end, or shut the connection, before its answer: only the end of its process is awaited.
    this.send('Browser.close', {}, 5000).catch(() => undefined);
    await Promise.race([ended, sleep(5000)]);
    this.#process.kill('SIGKILL');
    try {
      rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    } catch {
      // A process of the browser still writes there: the system clears its folder for temporary files.
    }
  }
}
