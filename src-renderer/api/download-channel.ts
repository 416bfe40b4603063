import { type DownloadMessage, LimenError, type PortRequest, type StreamEnd } from '@limen/contract';
import { openPort } from './ports.ts';

export interface DownloadListener {
  readonly progress: (doneBytes: number, totalBytes: number) => void;
  readonly saved: (fileName: string) => void;
  /** Refused, cut or cancelled. */
  readonly ended: (error: LimenError) => void;
}

/** Save a volume of a host on this computer. Returns a function that cancels it. */
export function openDownload(request: PortRequest<'download'>, listener: DownloadListener): () => void {
  const left = new AbortController();
  let port: MessagePort | undefined;
  openPort('download', request, left.signal).then(
    (opened) => {
      port = opened;
      opened.addEventListener('message', ({ data }: MessageEvent<DownloadMessage | StreamEnd>) => {
        if (left.signal.aborted) return;
        switch (data.type) {
          case 'progress':
            return listener.progress(data.doneBytes, data.totalBytes);
          case 'saved':
            return listener.saved(data.fileName);
          case 'ended':
            return listener.ended(LimenError.from(data.error));
        }
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
