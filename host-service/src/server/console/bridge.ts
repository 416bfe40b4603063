import { closeCodes } from '@limen/contract';
import type { WebSocket } from 'ws';
import type { Display } from './display.ts';

/** Unsent bytes of a viewer from which its display is no longer read, and at which reading goes on. */
const HIGH_WATER_BYTES = 1 << 20;
const LOW_WATER_BYTES = 256 << 10;

/**
 * Carry bytes between a viewer and a guest's display until either ends, unchanged, without queueing: a viewer
 * that does not read stops the display from being read, and the other way round. Owns both ends from here on.
 */
export function bridgeConsole(ws: WebSocket, display: Display): void {
  viewerToDisplay(ws, display);
  displayToViewer(ws, display);
  const { socket } = display;
  // Several things can end it; the first to do so says why.
  socket.on('end', () => ws.close(closeCodes.normal));
  socket.on('error', () => ws.close(closeCodes.internal));
  socket.on('close', () => {
    ws.close(closeCodes.normal);
    // Were it still waiting for the display to drain, it would never read the viewer's goodbye.
    ws.resume();
  });
  ws.on('close', () => socket.destroy());
}

function displayToViewer(ws: WebSocket, display: Display): void {
  let paused = false;
  display.flowTo((bytes, done) => {
    ws.send(bytes, { binary: true, compress: false }, () => {
      done();
      if (paused && ws.bufferedAmount <= LOW_WATER_BYTES) {
        paused = false;
        display.socket.resume();
      }
    });
    if (ws.bufferedAmount > HIGH_WATER_BYTES) paused = true;
    return !paused;
  });
}

function viewerToDisplay(ws: WebSocket, { socket }: Display): void {
  ws.on('message', (data, isBinary) => {
    if (!isBinary) {
      ws.close(closeCodes.badMessage, 'RFB is binary');
      return;
    }
    if (!socket.destroyed && !socket.write(data as Buffer)) ws.pause();
  });
  socket.on('drain', () => ws.resume());
}
