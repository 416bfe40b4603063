/**
 * Bounds what is under way to a window: a message port takes everything at once and tells nothing. Reading pauses
 * when `limit` bytes are not acknowledged and goes on when half of them are.
 */
export class Credit {
  readonly #limit: number;
  readonly #pause: () => void;
  readonly #resume: () => void;
  #underWay = 0;
  #paused = false;

  constructor(limit: number, gate: { readonly pause: () => void; readonly resume: () => void }) {
    this.#limit = limit;
    this.#pause = gate.pause;
    this.#resume = gate.resume;
  }

  sent(bytes: number): void {
    this.#underWay += bytes;
    if (this.#paused || this.#underWay < this.#limit) return;
    this.#paused = true;
    this.#pause();
  }

  /** More than was sent counts as all of it: the other side is a page, whose arithmetic is not to be trusted. */
  consumed(bytes: number): void {
    this.#underWay = Math.max(0, this.#underWay - bytes);
    if (!this.#paused || this.#underWay > this.#limit / 2) return;
    this.#paused = false;
    this.#resume();
  }
}
