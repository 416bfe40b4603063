import { expect, test } from 'vitest';
import { newMachineId } from '../../../../tests/fixtures/in-memory-ports.ts';
import { RevisionLog, type Touch } from './revision-log.ts';

function touch(): Touch {
  return { machineId: newMachineId(), existed: false, previousOwner: null };
}

test('tells what was touched after a revision', () => {
  const log = new RevisionLog(100);
  const [a, b] = [touch(), touch()];
  log.append([a], false);
  log.append([b], true);
  expect(log.revision).toBe(2);
  expect([...(log.since(1)?.touches.keys() ?? [])]).toEqual([b.machineId]);
  expect(log.since(0)).toMatchObject({ statusChanged: true, touches: { size: 2 } });
  expect(log.since(2)).toMatchObject({ statusChanged: false, touches: { size: 0 } });
});

test('does not pretend to know the future or what it has forgotten', () => {
  const log = new RevisionLog(10);
  for (let i = 0; i < 20; i += 1) log.append([touch()], false);
  expect(log.since(21)).toBeNull();
  expect(log.since(14)).toBeNull();
  expect(log.since(15)).toMatchObject({ touches: { size: 5 } });
});

test('a change too large for the log leaves it empty rather than wrong', () => {
  const log = new RevisionLog(10);
  log.append(Array.from({ length: 50 }, touch), false);
  expect(log.since(0)).toBeNull();
  expect(log.since(1)).toMatchObject({ touches: { size: 0 } });
});
