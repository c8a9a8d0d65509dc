import type { Progress, ProgressStage } from '@custody/case';
import cliProgress from 'cli-progress';

/** Bars on stderr when it is a terminal; quiet when it is piped. */
export class TerminalProgress implements Progress {
  readonly #shown: boolean;
  #bar: cliProgress.SingleBar | null = null;

  constructor(shown: boolean = process.stderr.isTTY === true) {
    this.#shown = shown;
  }

  stage(name: string, total: number, unit: string): ProgressStage {
    if (!this.#shown) return { at: () => {} };
    this.#bar?.stop();
    const bar = new cliProgress.SingleBar({
      stream: process.stderr,
      format: `${name.padEnd(8)} {bar} {percentage}% | {rate} | {left} left`,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
    });
    this.#bar = bar;
    const started = performance.now();
    bar.start(Math.max(1, total), 0, { rate: '', left: '?' });
    let last = 0;
    return {
      at: (done) => {
        const now = performance.now();
        if (now - last < 100 && done < total) return;
        last = now;
        bar.update(done, figures({ done, total, unit, seconds: (now - started) / 1000 }));
      },
    };
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = null;
  }
}

function figures(work: { done: number; total: number; unit: string; seconds: number }): { rate: string; left: string } {
  const rate = work.done / Math.max(0.001, work.seconds);
  const text = work.unit === 'bytes' ? `${(rate / 1e6).toFixed(1)} MB/s` : `${Math.round(rate)} ${work.unit}/s`;
  const left = rate > 0 ? Math.ceil((work.total - work.done) / rate) : Number.NaN;
  return { rate: text, left: Number.isFinite(left) ? `${left} s` : '?' };
}
