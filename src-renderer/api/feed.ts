import type { FeedMessage } from '@limen/contract';
import { openPort } from './ports.ts';

/**
 * Everything the window knows arrives here, in order. `receive` runs in the message event itself: whatever it
 * changes is on the screen with the next frame. Returns a function that closes the feed.
 */
export function openFeed(receive: (message: FeedMessage) => void): () => void {
  const ended = new AbortController();
  let port: MessagePort | undefined;
  openPort('feed', {}, ended.signal).then(
    (opened) => {
      port = opened;
      opened.addEventListener('message', (event: MessageEvent<FeedMessage>) => receive(event.data));
      opened.start();
      return opened;
    },
    () => {},
  );
  return () => {
    ended.abort();
    port?.close();
  };
}
