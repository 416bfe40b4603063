import type { ChildProcessByStdio } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { ConnectionLostError } from '../errors/libvirt-error.ts';

/** Enough for the last words of a program that fails. */
const STDERR_LIMIT = 4096;

type PipedChild = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A child process's input and output as one duplex. When the child fails, the duplex fails with ConnectionLostError
 * of what it said on standard error. Destroying the duplex ends the child.
 */
export class ChildDuplex extends Duplex {
  readonly #name: string;
  readonly #child: PipedChild;
  #said = '';

  constructor(name: string, child: PipedChild) {
    super();
    this.#name = name;
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-STDERR_LIMIT);
    });
    // A pipe that breaks is no news: the child's end, which follows, tells why.
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.on('error', () => undefined);
    child.once('error', (error) => this.destroy(this.#failure(error.message)));
    // Not at the end of its output: what the child said, and its exit code, are complete only here.
    child.once('close', (code, signal) => {
      if (code === 0) this.push(null);
      else this.destroy(this.#failure(this.#said.trim() || `ended by ${signal ?? `code ${code}`}`));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#child.stdin.write(chunk, (error) => {
      // The write is left unfinished: "close" comes and says more than EPIPE does.
      if (error === null || error === undefined) done();
    });
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    for (const pipe of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) pipe.destroy();
    done(error);
  }

  #failure(reason: string): ConnectionLostError {
    return new ConnectionLostError(`${this.#name}: ${reason}`);
  }
}
