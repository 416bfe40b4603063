import { type ErrorCode, LimenError } from '@limen/contract';

/** What the stores know that matters to a console. */
export interface ConsoleWorld {
  readonly machine: 'unknown' | 'gone' | 'no-screen' | 'off' | 'on';
  readonly linkLive: boolean;
}

export type CloseCause = 'guest' | 'link' | 'refused' | 'protocol';

export interface ConsoleFailure {
  readonly cause: CloseCause;
  readonly error: LimenError | null;
}

export type ConsolePhase =
  | { readonly kind: 'gone' | 'no-screen' | 'off' | 'connected' }
  /** The host is away; resumes by itself when it is back. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'connecting'; readonly again: boolean }
  /** `retryAt`: Unix time in ms. */
  | { readonly kind: 'waiting'; readonly retryAt: number; readonly failure: ConsoleFailure }
  /** Trying again would not help; something about the machine or the session must change first. */
  | { readonly kind: 'refused'; readonly error: LimenError };

/** One try: exactly one of these follows, `connected` at most once and before `closed`. */
export interface AttemptEvents {
  readonly connected: () => void;
  readonly closed: (failure: ConsoleFailure) => void;
}

/** Starts one attempt over a new port; the function it returns ends it without a `closed`. */
export type OpenAttempt = (events: AttemptEvents) => () => void;

/** The first retry is immediate: most cuts are over when they are noticed. */
const DELAYS_MS = [0, 250, 500, 1_000, 2_000, 4_000, 5_000];
/** A connection that held this long was a good one: the delays start anew. */
const STABLE_MS = 3_000;

/**
 * Keeps one console open: connects while machine and link allow it, waits longer after each failure, resumes at
 * once when the machine starts or the host is back. Never more than one attempt at a time. Knows neither React
 * nor noVNC.
 */
export class ConsoleSession {
  readonly #open: OpenAttempt;
  readonly #changed: (phase: ConsolePhase) => void;
  #world: ConsoleWorld = { machine: 'unknown', linkLive: false };
  #phase: ConsolePhase = { kind: 'paused' };
  #endAttempt: (() => void) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #connectedAt = 0;
  #disposed = false;

  constructor(open: OpenAttempt, changed: (phase: ConsolePhase) => void) {
    this.#open = open;
    this.#changed = changed;
  }

  get phase(): ConsolePhase {
    return this.#phase;
  }

  /** Tell what the stores say now. Idempotent. */
  update(world: ConsoleWorld): void {
    const before = this.#world;
    this.#world = world;
    if (this.#disposed) return;
    if (world.machine !== 'on' && world.machine !== 'unknown') {
      this.#stop();
      this.#failures = 0;
      this.#enter({ kind: world.machine });
      return;
    }
    // An open console has its own connection: it may outlive the link, and says itself when it does not.
    if (this.#endAttempt) return;
    if (!world.linkLive || world.machine === 'unknown') {
      this.#stop();
      this.#enter({ kind: 'paused' });
      return;
    }
    const news = before.machine !== world.machine || before.linkLive !== world.linkLive;
    if (news || this.#phase.kind === 'paused') {
      this.#failures = 0;
      this.#connect();
    }
  }

  /** The person does not want to wait. */
  retryNow(): void {
    if (this.#phase.kind === 'waiting' || this.#phase.kind === 'refused') this.#connect();
  }

  dispose(): void {
    this.#disposed = true;
    this.#stop();
  }

  #connect(): void {
    this.#stop();
    const again = this.#connectedAt > 0 || this.#failures > 0;
    this.#enter({ kind: 'connecting', again });
    // `closed` may come from within open(); then there is nothing left to end.
    let over = false;
    const end = this.#open({
      connected: () => {
        if (over || this.#disposed) return;
        this.#connectedAt = Date.now();
        this.#enter({ kind: 'connected' });
      },
      closed: (failure) => {
        if (over || this.#disposed) return;
        over = true;
        this.#endAttempt = undefined;
        this.#closed(failure);
      },
    });
    if (over) return;
    this.#endAttempt = () => {
      over = true;
      end();
    };
  }

  #closed(failure: ConsoleFailure): void {
    const wasConnected = this.#phase.kind === 'connected';
    if (wasConnected && Date.now() - this.#connectedAt >= STABLE_MS) this.#failures = 0;
    if (failure.error && isFinal(failure.error)) {
      this.#enter({ kind: 'refused', error: failure.error });
      return;
    }
    if (!this.#world.linkLive) {
      this.#enter({ kind: 'paused' });
      return;
    }
    const delay = DELAYS_MS[Math.min(this.#failures, DELAYS_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#enter({ kind: 'waiting', retryAt: Date.now() + delay, failure });
    this.#retry = setTimeout(() => this.#connect(), delay);
  }

  #stop(): void {
    clearTimeout(this.#retry);
    const end = this.#endAttempt;
    this.#endAttempt = undefined;
    end?.();
  }

  #enter(phase: ConsolePhase): void {
    if (phase.kind === this.#phase.kind && phase.kind !== 'waiting' && phase.kind !== 'refused') return;
    this.#phase = phase;
    this.#changed(phase);
  }
}

const finalCodes: readonly ErrorCode[] = ['FORBIDDEN', 'NOT_FOUND', 'INCOMPATIBLE', 'INVALID_INPUT'];

function isFinal(error: LimenError): boolean {
  if (LimenError.is(error, 'CONFLICT')) return error.data.reason === 'no-console';
  return finalCodes.includes(error.code);
}
