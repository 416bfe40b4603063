import { LimenError, type PortRequest, type StorageMessage, type StreamEnd } from '@limen/contract';
import { openPort } from './ports.ts';

export interface StorageListener {
  readonly told: (message: StorageMessage) => void;
  /** The stream is over: refused, or the link went away. */
  readonly ended: (error: LimenError) => void;
}

/** Follow the pools of a host, or one of them, until it ends. Returns a function that stops listening. */
export function openStorage(request: PortRequest<'storage'>, listener: StorageListener): () => void {
  const left = new AbortController();
  let port: MessagePort | undefined;
  openPort('storage', request, left.signal).then(
    (opened) => {
      port = opened;
      opened.addEventListener('message', ({ data }: MessageEvent<StorageMessage | StreamEnd>) => {
        if (left.signal.aborted) return;
        if (data.type === 'ended') listener.ended(LimenError.from(data.error));
        else listener.told(data);
      });
      opened.start();
      return opened;
    },
    () => {},
  );
  return () => {
    left.abort();
    port?.close();
  };
}
