import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LimenError } from '@limen/contract';

/** Answer an upgrade with a coded error in JSON, as the HTTP API answers, and hang up. */
export function refuseUpgrade(socket: Duplex, error: LimenError): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(error);
  const headers = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? error.code}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(error.status === 401 ? ['WWW-Authenticate: Bearer'] : []),
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
