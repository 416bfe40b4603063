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

/** The worker's next report; rejects when it ends instead, however it does. */
function nextReport(worker: Worker): Promise<WorkerReport> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the database worker ended (exit ${code})`)));
  });
}

/**
 * Make an empty cluster in `directory`. In a worker of its own, because initdb leaves 800 MB of WebAssembly
 * memory behind that only the end of the thread gives back.
 */
export async function createCluster(directory: string): Promise<void> {
  const worker = startWorker({ directory, task: 'create' });
  await nextReport(worker);
  await worker.terminate();
}

/** PGlite in its thread; sessions are opened on it like connections on a server. */
export class EmbeddedWorker {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #closing = false;

  private constructor(worker: Worker, onLost: (reason: Error) => void) {
    this.#worker = worker;
    let cause: Error | undefined;
    worker.on('error', (error: Error) => {
      cause = error;
    });
    this.#exited = new Promise((resolve) => {
      worker.once('exit', (code) => {
        resolve();
        if (!this.#closing) onLost(new Error(`the embedded database stopped (exit ${code})`, { cause }));
      });
    });
  }

  /** Resolves once PGlite has opened (and, after a crash, recovered) the cluster in `directory`. */
  static async open(directory: string, onLost: (reason: Error) => void): Promise<EmbeddedWorker> {
    const worker = startWorker({ directory, task: 'serve' });
    await nextReport(worker);
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
    this.#worker.postMessage({ type: 'close' } satisfies WorkerRequest, []);
    const timer = setTimeout(() => void this.#worker.terminate(), deadlineMs);
    await this.#exited;
    clearTimeout(timer);
  }
}
