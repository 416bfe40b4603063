import net from 'node:net';
import { LimenError } from '@limen/contract';
import type { ConsoleEndpoint } from '../../ports/hypervisor.ts';
import { ReadBuffers } from './read-buffers.ts';

/** Takes the display's bytes; false to have no more until `resume()`. `done` is called when they are sent. */
export type DisplaySink = (bytes: Buffer, done: () => void) => boolean;

const CONNECT_TIMEOUT_MS = 5_000;

/** A connected display. Nothing is read of it before `flowTo`: the VNC server speaks first. */
export interface Display {
  readonly socket: net.Socket;
  flowTo(sink: DisplaySink): void;
}

/**
 * Connect to a guest's VNC server, to be read into pooled buffers: fewer and larger frames than Node's streams
 * make, at half the CPU time a byte. Rejects with `CONFLICT` (`no-console`) when nothing answers there.
 */
export function connectDisplay(endpoint: ConsoleEndpoint, timeoutMs = CONNECT_TIMEOUT_MS): Promise<Display> {
  const buffers = new ReadBuffers();
  let sink: DisplaySink = takeNothing;
  const socket = net.connect({
    ...(endpoint.kind === 'unix' ? { path: endpoint.path } : { host: endpoint.host, port: endpoint.port }),
    onread: {
      buffer: () => buffers.take(),
      callback: (length, buffer) => {
        const { bytes, done } = buffers.wrap(buffer as Buffer, length);
        return sink(bytes, done);
      },
    },
  });
  socket.setNoDelay(true);
  const display: Display = {
    socket,
    flowTo: (taker) => {
      sink = taker;
      socket.resume();
    },
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    const fail = (cause: Error): void => {
      clearTimeout(timer);
      reject(new LimenError('CONFLICT', { reason: 'no-console' }, { cause }));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      socket.pause();
      resolve(display);
    });
  });
}

function takeNothing(): boolean {
  return false;
}
