import type { LimenError } from '@limen/contract';
import { useCallback, useState } from 'react';
import { asLimenError } from '../api/bridge.ts';

export interface Attempt {
  readonly busy: boolean;
  /** Why the last attempt failed; gone with the next one. */
  readonly error: LimenError | undefined;
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  /** Show no refusal any more, where the person went back. */
  readonly forget: () => void;
}

/** One request of a dialog at a time, with its refusal to show. */
export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<LimenError>();
  const attempt = useCallback(async (work: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (failure) {
      setError(asLimenError(failure));
    } finally {
      setBusy(false);
    }
  }, []);
  const forget = useCallback(() => setError(undefined), []);
  return { busy, error, attempt, forget };
}
