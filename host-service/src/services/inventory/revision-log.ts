import type { MachineId, UserId } from '@limen/contract';

/** One machine that a revision touched, and who owned it before: only they are to hear that it went away. */
export interface Touch {
  readonly machineId: MachineId;
  /** False when the machine did not exist before. */
  readonly existed: boolean;
  readonly previousOwner: UserId | null;
}

interface Entry {
  readonly revision: number;
  readonly statusChanged: boolean;
  readonly touches: readonly Touch[];
}

/** What happened after a revision, by machine; the touches tell who could see it in between. */
export interface Backlog {
  readonly statusChanged: boolean;
  readonly touches: ReadonlyMap<MachineId, readonly Touch[]>;
}

/**
 * Recent revisions, bounded by touched machines rather than by revisions, because that is what takes memory.
 * It names ids only; a reader takes the present records, so a slow one gets each machine once, as it is now.
 */
export class RevisionLog {
  readonly #entries: Entry[] = [];
  readonly #capacity: number;
  #revision = 0;
  #size = 0;

  /** @param capacity touches to keep; an older position must take a snapshot */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get revision(): number {
    return this.#revision;
  }

  append(touches: readonly Touch[], statusChanged: boolean): void {
    this.#revision += 1;
    this.#entries.push({ revision: this.#revision, statusChanged, touches });
    this.#size += touches.length + 1;
    while (this.#size > this.#capacity) {
      const oldest = this.#entries.shift();
      if (!oldest) return;
      this.#size -= oldest.touches.length + 1;
    }
  }

  /** Null when `revision` is too old, or from the future, to tell. */
  since(revision: number): Backlog | null {
    const missed = this.#revision - revision;
    if (missed < 0 || missed > this.#entries.length) return null;
    const touches = new Map<MachineId, Touch[]>();
    let statusChanged = false;
    for (const entry of this.#entries.slice(this.#entries.length - missed)) {
      statusChanged ||= entry.statusChanged;
      for (const touch of entry.touches) {
        const known = touches.get(touch.machineId);
        if (known) known.push(touch);
        else touches.set(touch.machineId, [touch]);
      }
    }
    return { statusChanged, touches };
  }
}
