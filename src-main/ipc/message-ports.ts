import type { MessagePortMain } from 'electron';
import type { ConsolePort } from '../console/console-session.ts';
import type { FeedPort } from '../feed/feed-hub.ts';
import type { StreamPort } from '../machine-streams/machine-stream.ts';

/** Electron's port as the feed sees it. */
export function feedPort(port: MessagePortMain): FeedPort {
  port.start();
  return {
    postMessage: (message) => port.postMessage(message),
    onClose: (listener) => port.once('close', listener),
  };
}

/** Electron's port as a console session sees it. */
export function consolePort(port: MessagePortMain): ConsolePort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', (event) => listener(event.data));
      port.start();
    },
    onClose: (listener) => port.once('close', listener),
    close: () => port.close(),
  };
}

/** Electron's port as one that follows something of a host's. */
export function streamPort<M>(port: MessagePortMain): StreamPort<M> {
  port.start();
  return {
    postMessage: (message) => port.postMessage(message),
    onClose: (listener) => port.once('close', listener),
    close: () => port.close(),
  };
}
