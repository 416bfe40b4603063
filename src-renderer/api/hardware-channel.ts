import { type Hardware, type HardwareMessage, LimenError, type PortRequest } from '@limen/contract';
import { openPort } from './ports.ts';

export interface HardwareListener {
  readonly hardware: (hardware: Hardware) => void;
  /** The stream is over: refused, or the link went away. */
  readonly ended: (error: LimenError) => void;
}

/** Follow the hardware of one machine until it ends. Returns a function that stops listening. */
export function openHardware(request: PortRequest<'hardware'>, listener: HardwareListener): () => void {
  const left = new AbortController();
  let port: MessagePort | undefined;
  openPort('hardware', request, left.signal).then(
    (opened) => {
      port = opened;
      opened.addEventListener('message', ({ data }: MessageEvent<HardwareMessage>) => {
        if (left.signal.aborted) return;
        if (data.type === 'hardware') listener.hardware(data.hardware);
        else listener.ended(LimenError.from(data.error));
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
