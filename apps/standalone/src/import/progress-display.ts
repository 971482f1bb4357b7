import { progressLine } from './progress-line.ts';
import type { Moment } from './progress-line.ts';

const TERMINAL_MS = 200;
const PLAIN_MS = 5_000;

/** Shows how far a job is: one line redrawn on a terminal, else a line every few seconds. */
export class ProgressDisplay {
  #timer: NodeJS.Timeout | undefined;
  #drawn = false;
  readonly #terminal: boolean;

  constructor(private readonly out: NodeJS.WriteStream) {
    this.#terminal = out.isTTY;
  }

  /** From now on shows what `look` answers, with the seconds since now. */
  start(look: () => Omit<Moment, 'seconds'>): void {
    this.stop();
    const began = performance.now();
    const draw = (): void =>
      this.#draw(progressLine({ ...look(), seconds: (performance.now() - began) / 1000 }));
    if (this.#terminal) draw();
    this.#timer = setInterval(draw, this.#terminal ? TERMINAL_MS : PLAIN_MS).unref();
  }

  /** A line that stays. */
  say(text: string): void {
    this.#clear();
    this.out.write(`${text}\n`);
  }

  /** Takes the drawn line away. */
  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #draw(line: string): void {
    if (!this.#terminal) {
      this.out.write(`${line}\n`);
      return;
    }
    this.out.write(`\r\x1b[2K${line.slice(0, this.out.columns - 1)}`);
    this.#drawn = true;
  }

  #clear(): void {
    if (this.#drawn) this.out.write('\r\x1b[2K');
    this.#drawn = false;
  }
}
