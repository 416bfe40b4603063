// @vitest-environment jsdom
import type { ConsoleAcknowledgement } from '@limen/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aLinkId, aMachineId } from '../test/records.ts';
import { ConsoleChannel } from './console-channel.ts';
import { openPort } from './ports.ts';

vi.mock('./ports.ts', () => ({ openPort: vi.fn() }));

let far: MessagePort;
let channel: ConsoleChannel;

function received(): Promise<unknown> {
  return new Promise((resolve) => {
    far.addEventListener('message', (event) => resolve(event.data), { once: true });
    far.start();
  });
}

beforeEach(() => {
  const { port1, port2 } = new MessageChannel();
  far = port2;
  vi.mocked(openPort).mockResolvedValue(port1);
  channel = new ConsoleChannel({ linkId: aLinkId(1), machineId: aMachineId(1), kind: 'vnc' });
});

afterEach(() => {
  channel.close();
  far.close();
});

describe('console channel', () => {
  it('has every property noVNC looks for before it takes a channel', () => {
    for (const name of [
      'send',
      'close',
      'binaryType',
      'onerror',
      'onmessage',
      'onopen',
      'protocol',
      'readyState',
    ]) {
      expect(name in channel).toBe(true);
    }
    expect(channel.readyState).toBe(WebSocket.CONNECTING);
  });

  it('opens when the session is open, not when the port is', async () => {
    const opened = new Promise((resolve) => {
      Object.assign(channel, { onopen: resolve });
    });
    far.postMessage({ type: 'opened' }, []);
    await opened;
    expect(channel.readyState).toBe(WebSocket.OPEN);
  });

  it('hands bytes on, then acknowledges them', async () => {
    let seen = 0;
    Object.assign(channel, {
      onmessage: ({ data }: { readonly data: ArrayBuffer }) => {
        seen = data.byteLength;
      },
    });
    const answer = received();
    far.postMessage(new Uint8Array([1, 2, 3]).buffer, []);
    expect(await answer).toEqual({ type: 'consumed', bytes: 3 } satisfies ConsoleAcknowledgement);
    expect(seen).toBe(3);
  });

  it('sends a copy of just the view: noVNC reuses its buffer at once', async () => {
    const opened = new Promise((resolve) => {
      Object.assign(channel, { onopen: resolve });
    });
    far.postMessage({ type: 'opened' }, []);
    await opened;
    const buffer = new Uint8Array([9, 1, 2, 9]);
    const answer = received();
    channel.send(buffer.subarray(1, 3));
    buffer.fill(0);
    expect([...new Uint8Array((await answer) as ArrayBuffer)]).toEqual([1, 2]);
  });

  it('closes once, with the reason', async () => {
    const closed = vi.fn();
    const over = new Promise<void>((resolve) => {
      Object.assign(channel, {
        onclose: () => {
          closed();
          resolve();
        },
      });
    });
    far.postMessage({ type: 'closed', reason: 'guest', error: null }, []);
    await over;
    channel.close();
    expect(closed).toHaveBeenCalledTimes(1);
    expect(channel.closed).toEqual({ reason: 'guest', error: null });
    expect(channel.readyState).toBe(WebSocket.CLOSED);
  });
});
