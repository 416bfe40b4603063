import type { Machine, MachineId, UserId } from '@limen/contract';

type Owner = NonNullable<Machine['owner']>;

/** Who owns which machine: what libvirt cannot know. Implemented in `database/`. */
export interface Ownership {
  all(): Promise<Map<MachineId, Owner>>;
  /** Null gives the machine to nobody. Rejects with `NOT_FOUND` when there is no such user. */
  set(machineId: MachineId, userId: UserId | null): Promise<Owner | null>;
}
