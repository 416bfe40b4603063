import type { Unsubscribe } from '../ports/hypervisor.ts';
import { Pulse } from './pulse.ts';

const RETRY_MS = 2_000;

/** What a failed reading means to who follows; see {@link Followed.judge}. */
export type Failure = 'away' | 'end' | 'trouble';

export interface Followed<T> {
  /** Of several asked for at once, one is read. */
  readonly read: () => Promise<T>;
  /** Call `look` whenever {@link read} may read differently; what it gives is called at the end. */
  readonly subscribe: (look: () => void) => readonly Unsubscribe[];
  /**
   * What a failed reading means. `away`: silence until it works again; `end`: whoever follows is told; `trouble`: tried
   * again, unless nothing was read before, which ends it too.
   */
  readonly judge: (error: unknown) => Failure;
  /** Told of `trouble` that is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** What is there now, and again whenever it differs, until `signal` aborts or {@link Followed.judge} ends it. */
export async function* follow<T>(
  { read, subscribe, judge, onTrouble }: Followed<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  const pulse = new Pulse();
  let stale = true;
  let retry: NodeJS.Timeout | undefined;
  const look = (): void => {
    stale = true;
    pulse.beat();
  };
  const subscriptions = subscribe(look);
  let told: string | null = null;
  try {
    while (!signal.aborted) {
      if (!stale) {
        await pulse.next(signal);
        continue;
      }
      stale = false;
      clearTimeout(retry);
      let present: T;
      try {
        present = await read();
      } catch (error) {
        const meaning = judge(error);
        if (meaning === 'end' || (meaning === 'trouble' && told === null)) throw error;
        if (meaning === 'trouble') onTrouble(error);
        retry = setTimeout(look, RETRY_MS).unref();
        continue;
      }
      const text: string = JSON.stringify(present);
      if (text === told) continue;
      told = text;
      yield present;
    }
  } finally {
    clearTimeout(retry);
    for (const unsubscribe of subscriptions) unsubscribe();
  }
}

/** Look every so often as well, for what nobody tells. */
export function every(ms: number, look: () => void): Unsubscribe {
  const timer = setInterval(look, ms).unref();
  return () => clearInterval(timer);
}

/** A look that can be put off: each call starts the time anew. */
export class LaterLook {
  readonly #look: () => void;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, look: () => void) {
    this.#ms = ms;
    this.#look = look;
  }

  start(): void {
    this.cancel();
    this.#timer = setTimeout(this.#look, this.#ms).unref();
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
