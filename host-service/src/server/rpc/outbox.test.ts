import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Outbox } from './outbox.ts';

/** A peer that takes everything at once, as one on a fast network does. */
class EagerSocket extends EventEmitter {
  readonly readyState = WebSocket.OPEN;
  readonly bufferedAmount = 0;
  sent = 0;

  send(_message: string, sent: () => void): void {
    this.sent += 1;
    sent();
  }

  pause(): void {}

  resume(): void {}
}

test('sends that never have to wait let other work have its turn', async () => {
  const socket = new EagerSocket();
  const outbox = new Outbox(socket as unknown as WebSocket, { highWaterBytes: 1, stallMs: 1 });
  let sentBeforeOthers = 0;
  setImmediate(() => {
    sentBeforeOthers = socket.sent;
  });
  for (let i = 0; i < 1_000; i += 1) await outbox.send('x');
  expect(sentBeforeOthers).toBeGreaterThan(0);
  expect(sentBeforeOthers).toBeLessThan(200);
});
