import type { KeptDefinition, MachineId, UserId } from '@limen/contract';

/** Who replaced a definition; null for another tool. */
export type Replacer = { readonly userId: UserId; readonly username: string } | null;

export interface KeptEntry extends KeptDefinition {
  readonly replacedById: UserId | null;
}

/** Definitions of this host's machines that others took the place of, without secrets. Implemented in `database/`. */
export interface DefinitionHistory {
  /** Kept unless it is the newest already; the oldest beyond a number go. */
  keep(machineId: MachineId, xml: string, replacedBy: Replacer): Promise<void>;
  /** Newest first. */
  list(machineId: MachineId): Promise<KeptEntry[]>;
  any(machineId: MachineId): Promise<boolean>;
  /** Nothing there is fine. */
  forget(machineId: MachineId, id: string): Promise<void>;
  /** Forget what was replaced before; returns how many. */
  prune(before: Date): Promise<number>;
}
