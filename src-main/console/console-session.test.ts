import { closeCodes, CONSOLE_WINDOW_BYTES, LimenError } from '@limen/contract';
import type { ConsoleMessage, MachineId } from '@limen/contract';
import { expect, test } from 'vitest';
import type { ByteChannel, ByteChannelListener } from '../host-link/transport.ts';
import { runConsoleSession, type ConsoleHost, type ConsolePort } from './console-session.ts';

const request = { machineId: 'd0000000-0000-4000-8000-000000000001' as MachineId, kind: 'vnc' as const };

class Page implements ConsolePort {
  readonly received: (ArrayBuffer | ConsoleMessage)[] = [];
  isClosed = false;
  say: (data: unknown) => void = () => {};
  leave: () => void = () => {};

  postMessage(message: ArrayBuffer | ConsoleMessage): void {
    this.received.push(message);
  }

  onMessage(listener: (data: unknown) => void): void {
    this.say = listener;
  }

  onClose(listener: () => void): void {
    this.leave = listener;
  }

  close(): void {
    this.isClosed = true;
  }
}

class Channel implements ByteChannel {
  readonly sent: ArrayBuffer[] = [];
  isPaused = false;
  isDisposed = false;
  pendingBytes = 0;

  send(data: ArrayBuffer): void {
    this.sent.push(data);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

async function start() {
  const page = new Page();
  const channel = new Channel();
  let guest: ByteChannelListener | undefined;
  const host: ConsoleHost = {
    openConsole: async (_request, _signal, listener) => {
      guest = listener;
      return channel;
    },
  };
  const done = runConsoleSession(host, request, page);
  await Promise.resolve();
  if (guest === undefined) throw new Error('the console was not opened');
  return { page, channel, guest, done };
}

test('carries bytes both ways after saying that it is open', async () => {
  const { page, channel, guest } = await start();
  const bytes = new ArrayBuffer(12);
  guest.bytes(bytes);
  expect(page.received).toEqual([{ type: 'opened' }, bytes]);
  const key = new ArrayBuffer(8);
  page.say(key);
  expect(channel.sent).toEqual([key]);
});

test('stops reading from the host while the page does not keep up, and goes on when it does', async () => {
  const { page, channel, guest } = await start();
  guest.bytes(new ArrayBuffer(CONSOLE_WINDOW_BYTES));
  expect(channel.isPaused).toBe(true);
  page.say({ type: 'consumed', bytes: CONSOLE_WINDOW_BYTES / 4 });
  page.say({ type: 'consumed', bytes: -1 });
  page.say('junk');
  expect(channel.isPaused).toBe(true);
  page.say({ type: 'consumed', bytes: CONSOLE_WINDOW_BYTES / 4 });
  expect(channel.isPaused).toBe(false);
});

test.each([
  [closeCodes.normal, 'guest', null],
  [closeCodes.goingAway, 'link', null],
  [1006, 'link', null],
  [closeCodes.sessionEnded, 'refused', 'UNAUTHENTICATED'],
  [closeCodes.forbidden, 'refused', 'FORBIDDEN'],
])('a close with %i is said to be %s', async (code, reason, errorCode) => {
  const { page, guest, done } = await start();
  guest.end(code);
  await done;
  const error = errorCode === null ? null : expect.objectContaining({ code: errorCode });
  expect(page.received.at(-1)).toEqual({ type: 'closed', reason, error });
  expect(page.isClosed).toBe(true);
  guest.bytes(new ArrayBuffer(1));
  expect(page.received.at(-1)).toMatchObject({ type: 'closed' });
});

test('says why the host refused', async () => {
  const page = new Page();
  const refusal = new LimenError('CONFLICT', { reason: 'no-console' });
  await runConsoleSession({ openConsole: () => Promise.reject(refusal) }, request, page);
  expect(page.received).toEqual([{ type: 'closed', reason: 'refused', error: refusal.toJSON() }]);
});

test('a window that closes ends the session on the host, also one that is still being opened', async () => {
  const { page, channel, done } = await start();
  page.leave();
  await done;
  expect(channel.isDisposed).toBe(true);

  const early = new Page();
  const late = new Channel();
  const establish: ((channel: ByteChannel) => void)[] = [];
  const openConsole = (): Promise<ByteChannel> => new Promise((resolve) => establish.push(resolve));
  const session = runConsoleSession({ openConsole }, request, early);
  early.leave();
  await session;
  establish[0]?.(late);
  await Promise.resolve();
  expect(late.isDisposed).toBe(true);
  expect(early.received).toEqual([]);
});
