import { expect, test } from 'vitest';
import { ReadBuffers } from './read-buffers.ts';

test('a few bytes are copied, so that their buffer is free at once', () => {
  const buffers = new ReadBuffers();
  const buffer = buffers.take();
  buffer.write('RFB');
  const { bytes } = buffers.wrap(buffer, 3);
  buffer.fill(0);
  expect(bytes.toString()).toBe('RFB');
  expect(buffers.take()).toBe(buffer);
});

test('many bytes are passed on where they are, and their buffer is free once they are sent', () => {
  const buffers = new ReadBuffers();
  const buffer = buffers.take();
  const { bytes, done } = buffers.wrap(buffer, 200_000);
  expect(bytes.buffer).toBe(buffer.buffer);
  expect(buffers.take()).not.toBe(buffer);
  done();
  expect(buffers.take()).toBe(buffer);
});
