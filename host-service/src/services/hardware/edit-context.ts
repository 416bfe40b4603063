import { LimenError, type Machine } from '@limen/contract';
import type { HardwareReading } from '../../ports/machine-hardware.ts';
import type { Principal } from '../../ports/principal.ts';

/** Who edits what, and how things are. */
export interface EditContext {
  readonly principal: Principal;
  readonly machine: Machine;
  readonly present: HardwareReading;
  /** Also in the running machine. */
  readonly live: boolean;
}

/** The machine would have to be in another state for that. */
export function wrongState({ state }: Machine): LimenError<'CONFLICT'> {
  return new LimenError('CONFLICT', { reason: 'wrong-state', state });
}
