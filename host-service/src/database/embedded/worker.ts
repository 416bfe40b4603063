import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { DurableNodeFS } from './durable-node-fs.ts';
import type { WorkerInput, WorkerReport, WorkerRequest } from './protocol.ts';

/**
 * PGlite runs here because its queries are synchronous WebAssembly: on the main thread an aggregate would stop
 * every console and every call for as long as it takes.
 */
const { directory, task } = workerData as WorkerInput;

const database = new PGlite({
  fs: new DurableNodeFS(directory),
  startParams: [
    // `-F` is fsync=off.
    ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
    '-c',
    'fsync=on',
    '-c',
    'wal_sync_method=fsync',
    // The default of 128 MB costs 120 MB of memory and makes nothing faster at our size.
    '-c',
    'shared_buffers=32MB',
  ],
});

/** Everything in order: PGlite has one session, and two messages interleaved in it would be one broken message. */
let queue: Promise<void> = database.waitReady;

function enqueue(work: () => Promise<void>): void {
  queue = queue.then(work);
  // A failure inside PGlite (not an SQL error: those travel as messages) leaves it in an unknown state.
  queue.catch((error: unknown) => {
    throw error;
  });
}

/** The one session in use; another one takes its place. */
let current: MessagePort | null = null;

/** The pool thinks it opens and closes connections; to PGlite they are all one session, hence the clean-up. */
async function resetSession(): Promise<void> {
  if (database.closed) return;
  await database.exec('rollback');
  await database.exec('discard all');
}

function serveSession(port: MessagePort): void {
  // Whatever the one before left behind goes first. Not when it closes: that news may come after this session
  // has begun, and would undo its work.
  current?.close();
  current = port;
  enqueue(resetSession);
  port.on('message', (message: Uint8Array) => {
    enqueue(async () => {
      if (port !== current) return;
      const answer = await database.execProtocolRaw(message);
      if (answer.length > 0) port.postMessage(answer);
    });
  });
}

function report(message: WorkerReport): void {
  parentPort?.postMessage(message, []);
}

async function close(): Promise<void> {
  await database.close();
  report({ type: 'closed' });
  parentPort?.close();
}

if (task === 'create') {
  enqueue(close);
} else {
  parentPort?.on('message', (request: WorkerRequest) => {
    switch (request.type) {
      case 'session':
        return serveSession(request.port);
      case 'close':
        return enqueue(close);
    }
  });
  enqueue(async () => report({ type: 'ready' }));
}
