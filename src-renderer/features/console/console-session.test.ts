import { LimenError } from '@limen/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AttemptEvents,
  type ConsoleFailure,
  type ConsolePhase,
  ConsoleSession,
} from './console-session.ts';

const on = { machine: 'on', linkLive: true } as const;
const guest: ConsoleFailure = { cause: 'guest', error: null };

class Rig {
  readonly attempts: (AttemptEvents & { ended: boolean })[] = [];
  readonly phases: ConsolePhase['kind'][] = [];
  readonly session = new ConsoleSession(
    (events) => {
      const attempt = { ...events, ended: false };
      expect(this.inFlight).toBe(0);
      this.attempts.push(attempt);
      return () => {
        attempt.ended = true;
      };
    },
    (phase) => this.phases.push(phase.kind),
  );
  #over = 0;

  get inFlight(): number {
    return this.attempts.filter((attempt) => !attempt.ended).length - this.#over;
  }

  get last(): AttemptEvents {
    const attempt = this.attempts.at(-1);
    if (!attempt) throw new Error('no attempt yet');
    return attempt;
  }

  close(failure: ConsoleFailure): void {
    this.#over += 1;
    this.last.closed(failure);
  }
}

let rig: Rig;
beforeEach(() => {
  vi.useFakeTimers();
  rig = new Rig();
});
afterEach(() => {
  rig.session.dispose();
  vi.useRealTimers();
});

describe('console session', () => {
  it('connects as soon as machine and link allow it', () => {
    rig.session.update({ machine: 'unknown', linkLive: true });
    expect(rig.attempts).toHaveLength(0);
    rig.session.update(on);
    rig.last.connected();
    expect(rig.phases).toEqual(['connecting', 'connected']);
  });

  it('retries a cut at once, then waits longer and longer up to five seconds', () => {
    rig.session.update(on);
    const waits: number[] = [];
    for (let failure = 0; failure < 9; failure++) {
      rig.close(guest);
      const { phase } = rig.session;
      if (phase.kind !== 'waiting') throw new Error(phase.kind);
      waits.push(phase.retryAt - Date.now());
      vi.advanceTimersToNextTimer();
    }
    expect(waits).toEqual([0, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
    expect(rig.attempts).toHaveLength(10);
  });

  it('starts the delays anew after a connection that held', () => {
    rig.session.update(on);
    for (let failure = 0; failure < 4; failure++) {
      rig.close(guest);
      vi.advanceTimersToNextTimer();
    }
    rig.last.connected();
    vi.advanceTimersByTime(3_000);
    rig.close(guest);
    expect(rig.session.phase).toMatchObject({ kind: 'waiting', retryAt: Date.now() });
  });

  it('does not storm a display that closes right after each connect', () => {
    rig.session.update(on);
    for (let round = 0; round < 5; round++) {
      rig.last.connected();
      rig.close(guest);
      vi.advanceTimersToNextTimer();
    }
    rig.last.connected();
    rig.close(guest);
    expect(rig.session.phase).toMatchObject({ kind: 'waiting', retryAt: Date.now() + 4_000 });
  });

  it('shows a machine that is off, and resumes when it runs again', () => {
    rig.session.update(on);
    rig.last.connected();
    rig.close(guest);
    rig.session.update({ machine: 'off', linkLive: true });
    vi.advanceTimersByTime(60_000);
    expect(rig.attempts).toHaveLength(1);
    rig.session.update(on);
    expect(rig.attempts).toHaveLength(2);
    expect(rig.phases).toEqual(['connecting', 'connected', 'waiting', 'off', 'connecting']);
  });

  it('ends the open attempt when the machine goes off first', () => {
    rig.session.update(on);
    rig.last.connected();
    rig.session.update({ machine: 'off', linkLive: true });
    expect(rig.attempts[0]?.ended).toBe(true);
  });

  it('keeps an open console while only the link is away', () => {
    rig.session.update(on);
    rig.last.connected();
    rig.session.update({ machine: 'on', linkLive: false });
    expect(rig.session.phase.kind).toBe('connected');
    rig.close({ cause: 'link', error: null });
    expect(rig.session.phase.kind).toBe('paused');
    vi.advanceTimersByTime(60_000);
    expect(rig.attempts).toHaveLength(1);
    rig.session.update(on);
    expect(rig.attempts).toHaveLength(2);
  });

  it('survives a restart of the host service: waiting ends when the link is back', () => {
    rig.session.update(on);
    rig.last.connected();
    for (let failure = 0; failure < 6; failure++) {
      rig.close({ cause: 'link', error: null });
      vi.advanceTimersToNextTimer();
    }
    rig.close({ cause: 'link', error: null });
    rig.session.update({ machine: 'on', linkLive: false });
    const before = rig.attempts.length;
    rig.session.update(on);
    expect(rig.attempts).toHaveLength(before + 1);
  });

  it('does not try again what was refused for good, until something changes', () => {
    rig.session.update(on);
    rig.close({ cause: 'refused', error: new LimenError('FORBIDDEN', { permission: 'machine:console' }) });
    vi.advanceTimersByTime(60_000);
    rig.session.update(on);
    expect(rig.session.phase.kind).toBe('refused');
    expect(rig.attempts).toHaveLength(1);
    rig.session.retryNow();
    expect(rig.attempts).toHaveLength(2);
  });

  it('keeps trying what is refused only now', () => {
    rig.session.update(on);
    rig.close({ cause: 'refused', error: new LimenError('HYPERVISOR_UNAVAILABLE', { detail: '' }) });
    expect(rig.session.phase.kind).toBe('waiting');
  });

  it('leaves nothing behind', () => {
    rig.session.update(on);
    rig.close(guest);
    rig.session.dispose();
    vi.advanceTimersByTime(60_000);
    rig.session.update(on);
    expect(rig.attempts).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
