import type { ErrorCode } from '@limen/contract';

/** Counts calls and streams as they happen. Implemented by the server's telemetry. */
export interface CallObserver {
  callFinished(procedure: string, outcome: 'ok' | ErrorCode, seconds: number): void;
  /** Returns what to call when the stream ends. */
  streamOpened(procedure: string): () => void;
}
