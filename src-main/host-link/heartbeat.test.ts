import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat, type BeatingSocket } from './heartbeat.ts';

class Socket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  pings = 0;
  terminated = false;

  ping(): void {
    this.pings += 1;
  }

  terminate(): void {
    this.terminated = true;
    this.emit('close');
  }
}

function start() {
  const socket = new Socket();
  const wire = { bytesRead: 0 };
  return { socket, wire, heartbeat: new Heartbeat(socket as unknown as BeatingSocket, wire) };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('pings, and gives up a peer that is silent for 11 s, not earlier', () => {
  const { socket } = start();
  vi.advanceTimersByTime(10_999);
  expect(socket).toMatchObject({ pings: 2, terminated: false });
  vi.advanceTimersByTime(1);
  expect(socket.terminated).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('any frame is a sign of life', () => {
  const { socket, heartbeat } = start();
  for (const frame of ['message', 'ping', 'pong']) {
    vi.advanceTimersByTime(10_000);
    socket.emit(frame);
  }
  vi.advanceTimersByTime(10_000);
  expect(socket.terminated).toBe(false);
  expect(heartbeat.lastHeardAt).toBe(Date.now() - 10_000);
  heartbeat.dispose();
});

test('so are the bytes of a message that takes longer than the limit to arrive', () => {
  const { socket, wire, heartbeat } = start();
  for (let seconds = 0; seconds < 60; seconds += 10) {
    wire.bytesRead += 1000;
    vi.advanceTimersByTime(10_000);
  }
  expect(socket.terminated).toBe(false);
  vi.advanceTimersByTime(22_000);
  expect(socket.terminated).toBe(true);
  heartbeat.dispose();
});

test('a check asks at once and waits three seconds only', () => {
  const { socket, heartbeat } = start();
  heartbeat.check();
  expect(socket.pings).toBe(1);
  vi.advanceTimersByTime(3_000);
  expect(socket.terminated).toBe(true);
});

test('while nobody reads, silence means nothing', () => {
  const { socket, heartbeat } = start();
  heartbeat.suspend();
  socket.emit('message');
  vi.advanceTimersByTime(60_000);
  expect(socket.terminated).toBe(false);
  heartbeat.resume();
  vi.advanceTimersByTime(11_000);
  expect(socket.terminated).toBe(true);
});
