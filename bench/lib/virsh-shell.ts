import { LineProcess } from './line-process.ts';

/** One virsh that stays connected, so that neither its start nor its handshake is measured. */
export class VirshShell implements AsyncDisposable {
  readonly #process: LineProcess;
  #commands = 0;

  constructor(uri: string) {
    // Its errors come between its answers, so that the command they belong to is known.
    this.#process = new LineProcess('sh', ['-c', 'exec virsh --quiet --connect "$0" 2>&1', uri]);
  }

  /** Run one command; resolves to the ms until virsh was done with it. Throws when it failed. */
  async time(command: string): Promise<number> {
    this.#commands += 1;
    const mark = `done-${this.#commands}`;
    const start = performance.now();
    // `echo` ends no line, `pwd` does; what we write is echoed as well, but does not begin with the mark.
    this.#process.write(`${command}; echo ${mark}; pwd`);
    for (let line = ''; !line.startsWith(`${mark}/`); line = await this.#process.read()) {
      if (line.startsWith('error:')) throw new Error(`virsh ${command}: ${line}`);
    }
    return performance.now() - start;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
