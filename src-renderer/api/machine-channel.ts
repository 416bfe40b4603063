import {
  type HardwareMessage,
  LimenError,
  type NetworksMessage,
  type PortRequest,
  type SnapshotsMessage,
  type StreamEnd,
} from '@limen/contract';
import { openPort } from './ports.ts';

interface StreamMessages {
  readonly hardware: HardwareMessage;
  readonly networks: NetworksMessage;
  readonly snapshots: SnapshotsMessage;
}

export interface MachineListener<M> {
  readonly told: (message: M) => void;
  /** The stream is over: refused, or the link went away. */
  readonly ended: (error: LimenError) => void;
}

/** Follow something of one machine, or of a host, until it ends. Returns a function that stops listening. */
export function openMachineStream<K extends keyof StreamMessages>(
  kind: K,
  request: PortRequest<K>,
  listener: MachineListener<StreamMessages[K]>,
): () => void {
  const left = new AbortController();
  let port: MessagePort | undefined;
  openPort(kind, request, left.signal).then(
    (opened) => {
      port = opened;
      opened.addEventListener('message', ({ data }: MessageEvent<StreamMessages[K] | StreamEnd>) => {
        if (left.signal.aborted) return;
        if (isEnd(data)) listener.ended(LimenError.from(data.error));
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

function isEnd(message: { readonly type: string }): message is StreamEnd {
  return message.type === 'ended';
}
