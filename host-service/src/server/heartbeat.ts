import type { WebSocket } from 'ws';

/**
 * Ping the peer, and cut the connection when an interval passes with no frame from it at all: TCP alone takes
 * many minutes to notice a peer that vanished. Stops by itself when the socket closes.
 */
export function keepHeartbeat(ws: WebSocket, intervalMs: number): void {
  let heard = true;
  const hear = (): void => {
    heard = true;
  };
  const timer = setInterval(() => {
    if (!heard) {
      ws.terminate();
      return;
    }
    heard = false;
    ws.ping();
  }, intervalMs);
  timer.unref();
  ws.on('pong', hear);
  ws.on('ping', hear);
  ws.on('message', hear);
  ws.on('close', () => clearInterval(timer));
}
