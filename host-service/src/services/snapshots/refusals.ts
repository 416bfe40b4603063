import { LimenError, type SnapshotOption, type SnapshotRefusal } from '@limen/contract';
import type { SnapshotReading, SnapshotSetup } from '../../ports/machine-snapshots.ts';

/** What is left, in bytes, where the memory of each kind goes; null where that cannot be told. */
export type MemoryRoom = Readonly<Record<SnapshotOption['kind'], number | null>>;

type Reason = SnapshotRefusal['reason'];

/**
 * In which ways a snapshot can be taken now, the best first, and what speaks against each. Internal ones come first
 * where they are possible: libvirt reverts to them by itself, and they keep the machine's files few.
 */
export function snapshotOptions(
  setup: SnapshotSetup,
  existing: readonly SnapshotReading[],
  room: MemoryRoom,
): SnapshotOption[] {
  const isOff = setup.state === 'off' || setup.state === 'saved';
  const ways = isOff
    ? ([
        { kind: 'internal', memory: false },
        { kind: 'external', memory: false },
        { kind: 'external', memory: true },
      ] as const)
    : ([
        { kind: 'internal', memory: true },
        { kind: 'external', memory: true },
        { kind: 'external', memory: false },
      ] as const);
  return ways.map(({ kind, memory }) => ({
    kind,
    memory,
    refusals: [
      ...ofMachine(setup),
      ...(kind === 'internal' ? ofInternal(setup) : []),
      ...(memory ? ofMemory(setup, isOff, room[kind]) : []),
      ...ofExisting(kind, existing),
    ],
  }));
}

/** What rules out every kind. */
function ofMachine({ state, persistent, disks }: SnapshotSetup): SnapshotRefusal[] {
  return [
    ...when(!persistent, 'transient'),
    ...when(state === 'saved', 'saved'),
    ...when(state === 'shutting-down' || state === 'crashed' || state === 'suspended', 'wrong-state'),
    ...when(disks.length === 0, 'no-disks'),
    ...named('remote-disk', disks.filter(({ path }) => path === null).map(targetOf)),
    ...named('shared-disk', disks.filter(({ shared }) => shared).map(targetOf)),
    ...named('busy', disks.filter(({ busy }) => busy).map(targetOf)),
  ];
}

function ofInternal({ disks, uefiVariables }: SnapshotSetup): SnapshotRefusal[] {
  return [
    ...named('raw-disk', disks.filter(({ format }) => format !== 'qcow2').map(targetOf)),
    ...when(uefiVariables, 'uefi-variables'),
  ];
}

function ofMemory(
  { hostDevices, sharedFolders, memoryBytes }: SnapshotSetup,
  isOff: boolean,
  freeBytes: number | null,
): SnapshotRefusal[] {
  return [
    // A guest whose disk finds no room while memory is written into it stands still.
    ...when(!isOff && freeBytes !== null && freeBytes < memoryBytes, 'no-space'),
    ...when(isOff, 'memory-only-while-running'),
    ...named('host-device', hostDevices),
    ...named('shared-folder', sharedFolders),
  ];
}

/**
 * A machine has one kind: to revert to an internal snapshot of a disk that external ones rest on would change what
 * those rest on.
 */
function ofExisting(kind: SnapshotOption['kind'], existing: readonly SnapshotReading[]): SnapshotRefusal[] {
  return named(
    'other-kind',
    existing.filter((snapshot) => snapshot.kind !== kind).map(({ name }) => name),
  );
}

export function refusal(reason: Reason, names: readonly string[] = []): SnapshotRefusal {
  return { reason, names: [...names] };
}

/** What is answered to who asks for it all the same. */
export function refused({ reason, names }: SnapshotRefusal): LimenError<'CONFLICT'> {
  return new LimenError('CONFLICT', { reason: 'snapshot-refused', state: reason, names });
}

function when(condition: boolean, reason: Reason): SnapshotRefusal[] {
  return condition ? [refusal(reason)] : [];
}

function named(reason: Reason, names: readonly string[]): SnapshotRefusal[] {
  return names.length === 0 ? [] : [refusal(reason, names)];
}

function targetOf({ target }: { readonly target: string }): string {
  return target;
}
