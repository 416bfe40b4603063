import type { LimenError } from '@limen/contract';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { useLink } from './links.ts';
import { type MachineKey, type MachineRef, machineKey } from './machine-key.ts';

export interface Followed<T> {
  /** As last told; the present only while the link is live. Undefined until the host has told it. */
  readonly value: T | undefined;
  /** Why it is not followed now. */
  readonly error: LimenError | undefined;
}

export interface StreamListener<T> {
  readonly told: (value: T) => void;
  readonly ended: (error: LimenError) => void;
}

export interface MachineStream<T> {
  /** Follow it while the component is there. What was told stays while the link is away. */
  readonly useFollowed: (target: MachineRef) => Followed<T>;
  /** What a call answered, which is as true as what the stream tells. */
  readonly receive: (target: MachineRef, value: T) => void;
}

/** A stream that ended although the link is live is asked for again after this. */
const RETRY_MS = 5_000;

/** Something of machines that is followed only while it is on the screen. */
export function createMachineStream<T>(
  open: (target: MachineRef, listener: StreamListener<T>) => () => void,
): MachineStream<T> {
  const unknown: Followed<T> = { value: undefined, error: undefined };
  const store = createStore<{ readonly machines: ReadonlyMap<MachineKey, Followed<T>> }>(() => ({
    machines: new Map(),
  }));

  function remember(key: MachineKey, change: Partial<Followed<T>>): void {
    const { machines } = store.getState();
    store.setState({
      machines: new Map(machines).set(key, { ...(machines.get(key) ?? unknown), ...change }),
    });
  }

  function forget(key: MachineKey): void {
    const machines = new Map(store.getState().machines);
    machines.delete(key);
    store.setState({ machines });
  }

  return {
    receive: ({ linkId, machineId }, value) =>
      remember(machineKey(linkId, machineId), { value, error: undefined }),
    useFollowed: ({ linkId, machineId }) => {
      const key = machineKey(linkId, machineId);
      const isLive = useLink(linkId)?.state === 'live';
      useEffect(() => () => forget(key), [key]);
      useEffect(() => {
        if (!isLive) return;
        let close = (): void => {};
        let timer: ReturnType<typeof setTimeout> | undefined;
        const begin = (): void => {
          close = open(
            { linkId, machineId },
            {
              told: (value) => remember(key, { value, error: undefined }),
              ended: (error) => {
                remember(key, { error });
                timer = setTimeout(begin, RETRY_MS);
              },
            },
          );
        };
        begin();
        return () => {
          clearTimeout(timer);
          close();
        };
      }, [key, linkId, machineId, isLive]);
      return useStore(store, (state) => state.machines.get(key) ?? unknown);
    },
  };
}
