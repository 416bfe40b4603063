import type { MessagePort } from 'node:worker_threads';

/** What the worker is started with. `create` only makes the directory's cluster and exits. */
export interface WorkerInput {
  readonly directory: string;
  readonly task: 'create' | 'serve';
}

/** To the worker. A session's `port` then carries PostgreSQL's wire protocol, both ways, as `Uint8Array`s. */
export type WorkerRequest =
  | { readonly type: 'session'; readonly port: MessagePort }
  | { readonly type: 'close' };

/** From the worker: ready for sessions, or closed cleanly. Anything else ends in its `error` or `exit` event. */
export type WorkerReport = { readonly type: 'ready' } | { readonly type: 'closed' };
