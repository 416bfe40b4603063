import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';

/** A program that answers lines with lines. */
export class LineProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #lines: AsyncIterator<string>;

  /** What it writes to standard error is shown. */
  constructor(command: string, args: readonly string[]) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#input = child.stdin;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  write(line: string): void {
    this.#input.write(`${line}\n`);
  }

  /** The next line. Rejects when the program has ended. */
  async read(): Promise<string> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`${this.#child.spawnargs.join(' ')} has ended`);
    return line.value;
  }

  /** End of its input, and so of the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    const gone = this.#child.exitCode === null ? once(this.#child, 'exit') : null;
    this.#input.end();
    await gone;
  }
}
