import type { KeptDefinition, LimenError } from '@limen/contract';
import { useCallback, useEffect, useState } from 'react';
import { asLimenError } from '../../../api/bridge.ts';
import { hostClient } from '../../../api/host-client.ts';
import type { MachineRef } from '../../../stores/machine-key.ts';

export interface DefinitionTexts {
  readonly revision: string;
  readonly stored: string;
  readonly live: string | null;
}

export interface Definition {
  readonly texts: DefinitionTexts | undefined;
  readonly history: readonly KeptDefinition[];
  readonly error: LimenError | undefined;
  readonly reload: () => void;
}

/** The texts of a machine's definition, read anew whenever its hardware is another; kept while the host is away. */
export function useDefinition({ linkId, machineId }: MachineRef, stamp: string, isAway: boolean): Definition {
  const [texts, setTexts] = useState<DefinitionTexts>();
  const [history, setHistory] = useState<readonly KeptDefinition[]>([]);
  const [error, setError] = useState<LimenError>();
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (isAway) return;
    const ended = new AbortController();
    const client = hostClient(linkId).hardware;
    const context = { signal: ended.signal };
    Promise.all([client.definition({ machineId }, context), client.history({ machineId }, context)]).then(
      ([now, before]) => {
        setTexts(now);
        setHistory(before);
        return setError(undefined);
      },
      (failure: unknown) => {
        if (!ended.signal.aborted) setError(asLimenError(failure));
      },
    );
    return () => ended.abort();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another stamp means another text
  }, [linkId, machineId, stamp, isAway, asked]);
  return { texts, history, error, reload: useCallback(() => setAsked((times) => times + 1), []) };
}
