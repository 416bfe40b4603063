import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtocolError } from '../errors/libvirt-error.ts';
import { FrameReader } from './frame-reader.ts';
import { decodeMessage, encodeMessage, MAX_FRAME_BYTES, Program } from './message.ts';

function frame(payload: Uint8Array, serial: number): Buffer {
  return encodeMessage({ program: Program.remote, procedure: 1, type: 1, serial, status: 0 }, (writer) =>
    writer.raw(payload),
  );
}

test('frames come out whole and in order however the bytes are cut', () => {
  const payloads = fc.array(fc.uint8Array({ maxLength: 64 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(payloads, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (list, cuts) => {
      const sent = list.map((payload, serial) => frame(payload, serial));
      const bytes = Buffer.concat(sent);
      const reader = new FrameReader();
      const received: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const end = at + (cuts[turn % cuts.length] ?? 1);
        received.push(...reader.push(bytes.subarray(at, end)));
        at = end;
      }
      expect(received.map((one) => one.toString('hex'))).toEqual(sent.map((one) => one.toString('hex')));
      expect(received.map((one) => decodeMessage(one).header.serial)).toEqual(
        list.map((_, serial) => serial),
      );
    }),
  );
});

test.each([0, 27, MAX_FRAME_BYTES + 1, 0xffff_ffff])('a frame of %i bytes is refused', (length) => {
  const word = Buffer.alloc(4);
  word.writeUInt32BE(length);
  expect(() => [...new FrameReader().push(word)]).toThrow(ProtocolError);
});

test('another protocol version is refused', () => {
  const bytes = frame(Buffer.alloc(0), 1);
  bytes.writeUInt32BE(2, 8);
  expect(() => decodeMessage(bytes)).toThrow(ProtocolError);
});
