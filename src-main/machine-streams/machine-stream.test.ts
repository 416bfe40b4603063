import {
  type Hardware,
  type HardwareMessage,
  LimenError,
  type MachineId,
  type StreamEnd,
} from '@limen/contract';
import { expect, test } from 'vitest';
import { plainHardware } from '../../tests/fixtures/hardware-set.ts';
import { type StreamPort, watchHardware } from './machine-stream.ts';

const machineId = 'd0000000-0000-4000-8000-000000000001' as MachineId;

function revision(name: string): Hardware {
  return { machineId, revision: name, stored: plainHardware, live: null, undoable: false };
}

class Page implements StreamPort<HardwareMessage> {
  readonly received: (HardwareMessage | StreamEnd)[] = [];
  isClosed = false;
  leave: () => void = () => {};

  postMessage(message: HardwareMessage | StreamEnd): void {
    this.received.push(message);
  }

  onClose(listener: () => void): void {
    this.leave = listener;
  }

  close(): void {
    this.isClosed = true;
  }
}

type Connect = Parameters<typeof watchHardware>[0];

const away: Connect = () => {
  throw new LimenError('CONNECTION_LOST', {});
};

/** A host whose stream is this generator. */
function hostThat(
  stream: (signal: AbortSignal | undefined) => AsyncGenerator<Hardware, void, void>,
): Connect {
  const watch = (_input: unknown, options?: { signal?: AbortSignal | undefined }) =>
    Promise.resolve(stream(options?.signal));
  return () => ({ hardware: { watch } }) as unknown as ReturnType<Connect>;
}

test('what the host tells reaches the page in order; the end is told with its reason', async () => {
  const page = new Page();
  await watchHardware(
    hostThat(async function* () {
      yield revision('a');
      yield revision('b');
    }),
    machineId,
    page,
  );
  expect(
    page.received.map((message) => (message.type === 'hardware' ? message.hardware.revision : message.type)),
  ).toEqual(['a', 'b', 'ended']);
  expect(page.isClosed).toBe(true);
});

test('a refusal of the host is told as it is', async () => {
  const page = new Page();
  const host = hostThat(async function* () {
    yield revision('a');
    throw new LimenError('FORBIDDEN', { permission: 'machine:view' });
  });
  await watchHardware(host, machineId, page);
  expect(page.received.at(-1)).toMatchObject({ type: 'ended', error: { code: 'FORBIDDEN' } });
});

test('without a live link it ends at once', async () => {
  const page = new Page();
  await watchHardware(away, machineId, page);
  expect(page.received).toMatchObject([{ type: 'ended', error: { code: 'CONNECTION_LOST' } }]);
});

test('what cannot be read is not shown', async () => {
  const page = new Page();
  const host = hostThat(async function* () {
    yield { revision: 1 } as unknown as Hardware;
  });
  await watchHardware(host, machineId, page);
  expect(page.received).toMatchObject([{ type: 'ended', error: { code: 'INTERNAL' } }]);
});

test('a page that leaves ends the stream, and hears nothing more', async () => {
  const page = new Page();
  let asked: AbortSignal | undefined;
  const host = hostThat(async function* (signal) {
    asked = signal;
    yield revision('a');
    page.leave();
    yield revision('b');
  });
  await watchHardware(host, machineId, page);
  expect(asked?.aborted).toBe(true);
  expect(page.received).toHaveLength(1);
});
