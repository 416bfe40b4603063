import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { PortSocket } from './port-socket.ts';
import type { WorkerInput, WorkerReport, WorkerRequest } from './protocol.ts';

/** Compiled, even when this file itself runs from source under the test runner: Node 20 loads no TypeScript. */
const workerFile = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/database/embedded/worker.js' : './worker.js',
  import.meta.url,
);

function startWorker(input: WorkerInput): Worker {
  return new Worker(workerFile, {
    workerData: input,
    name: `limen-database-${input.task}`,
  });
}

/**
 * Make an empty cluster in `directory`. In a worker of its own, because initdb leaves 800 MB of WebAssembly
 * memory behind that only the end of the thread gives back.
 */
export async function createCluster(directory: string): Promise<void> {
  const worker = startWorker({ directory, task: 'create' });
  const [report] = (await once(worker, 'message')) as [WorkerReport];
  if (report.type !== 'closed')
    throw new Error(`the database worker reported "${report.type}" while creating`);
  await worker.terminate();
}

/** PGlite in its thread; sessions are opened on it like connections on a server. */
export class EmbeddedWorker {
  readonly #worker: Worker;
  #closing = false;

  private constructor(worker: Worker, onLost: (reason: Error) => void) {
    this.#worker = worker;
    let cause: Error | undefined;
    worker.on('error', (error: Error) => {
      cause = error;
    });
    worker.once('exit', (code) => {
      if (!this.#closing) onLost(new Error(`the embedded database stopped (exit ${code})`, { cause }));
    });
  }

  /** Resolves once PGlite has opened (and, after a crash, recovered) the cluster in `directory`. */
  static async open(directory: string, onLost: (reason: Error) => void): Promise<EmbeddedWorker> {
    const worker = startWorker({ directory, task: 'serve' });
    // Rejects on `error`, which is also how a failure to open shows.
    await once(worker, 'message');
    return new EmbeddedWorker(worker, onLost);
  }

  /** A new session's socket, for `pg`. */
  openSession(): PortSocket {
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ type: 'session', port: port2 } satisfies WorkerRequest, [port2]);
    return new PortSocket(port1);
  }

  /** Shut PGlite down cleanly (a checkpoint), or, if it does not answer within `deadlineMs`, stop the thread. */
  async close(deadlineMs: number): Promise<void> {
    this.#closing = true;
    const exited = once(this.#worker, 'exit');
    this.#worker.postMessage({ type: 'close' } satisfies WorkerRequest, []);
    const timer = setTimeout(() => void this.#worker.terminate(), deadlineMs);
    await exited;
    clearTimeout(timer);
  }
}
