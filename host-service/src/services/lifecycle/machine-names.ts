import { LimenError } from '@limen/contract';
import type { Inventory } from '../inventory/inventory.ts';

/** Names that machines have. Those of machines being made are checked where they are reserved. */
export class MachineNames {
  readonly #inventory: Pick<Inventory, 'machines'>;

  constructor(inventory: Pick<Inventory, 'machines'>) {
    this.#inventory = inventory;
  }

  /** Throws `CONFLICT` (`name-taken`) with those of the wanted names that are taken, or wanted twice. */
  claim(wanted: readonly string[]): void {
    const taken = new Set(this.#inventory.machines().map(({ name }) => name));
    const names = wanted.filter((name, index) => taken.has(name) || wanted.indexOf(name) !== index);
    if (names.length > 0) throw new LimenError('CONFLICT', { reason: 'name-taken', names });
  }
}
