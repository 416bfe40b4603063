import type { Hardware, LimenError } from '@limen/contract';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { openHardware } from '../api/hardware-channel.ts';
import { useLink } from './links.ts';
import { type MachineKey, type MachineRef, machineKey } from './machine-key.ts';

export interface FollowedHardware {
  /** As last told; the present only while the link is live. Undefined until the host has told it. */
  readonly hardware: Hardware | undefined;
  /** Why it is not followed now. */
  readonly error: LimenError | undefined;
}

interface HardwareState {
  readonly machines: ReadonlyMap<MachineKey, FollowedHardware>;
}

const hardwareStore = createStore<HardwareState>(() => ({ machines: new Map() }));

const unknown: FollowedHardware = { hardware: undefined, error: undefined };
/** A stream that ended although the link is live is asked for again after this. */
const RETRY_MS = 5_000;

function remember(key: MachineKey, change: Partial<FollowedHardware>): void {
  const { machines } = hardwareStore.getState();
  hardwareStore.setState({
    machines: new Map(machines).set(key, { ...(machines.get(key) ?? unknown), ...change }),
  });
}

/** What a call answered, which is as true as what the stream tells. */
export function receiveHardware({ linkId, machineId }: MachineRef, hardware: Hardware): void {
  remember(machineKey(linkId, machineId), { hardware, error: undefined });
}

function forget(key: MachineKey): void {
  const machines = new Map(hardwareStore.getState().machines);
  machines.delete(key);
  hardwareStore.setState({ machines });
}

/** Follow the hardware of a machine while the component is there. What was told stays while the link is away. */
export function useHardware({ linkId, machineId }: MachineRef): FollowedHardware {
  const key = machineKey(linkId, machineId);
  const isLive = useLink(linkId)?.state === 'live';
  useEffect(() => () => forget(key), [key]);
  useEffect(() => {
    if (!isLive) return;
    let close = (): void => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      close = openHardware(
        { linkId, machineId },
        {
          hardware: (hardware) => remember(key, { hardware, error: undefined }),
          ended: (error) => {
            remember(key, { error });
            timer = setTimeout(open, RETRY_MS);
          },
        },
      );
    };
    open();
    return () => {
      clearTimeout(timer);
      close();
    };
  }, [key, linkId, machineId, isLive]);
  return useStore(hardwareStore, (state) => state.machines.get(key) ?? unknown);
}
