import type { HostLinkId, LimenError, PoolId, StoragePool, StorageVolume } from '@limen/contract';
import { useEffect, useState } from 'react';
import { openStorage, type StorageListener } from '../api/storage-channel.ts';
import { useLink } from './links.ts';

export interface FollowedPools {
  /** As last told; the present only while the link is live. Undefined until the host has told it. */
  readonly pools: readonly StoragePool[] | undefined;
  /** Why they are not followed now. */
  readonly error: LimenError | undefined;
}

export interface FollowedVolumes {
  readonly pool: StoragePool | undefined;
  readonly volumes: readonly StorageVolume[] | undefined;
  readonly error: LimenError | undefined;
}

/** A stream that ended although the link is live is asked for again after this. */
const RETRY_MS = 5_000;

const noPools: FollowedPools = { pools: undefined, error: undefined };
const noVolumes: FollowedVolumes = { pool: undefined, volumes: undefined, error: undefined };

/** Follow the pools of a host while the component is there, and the host lets its user see them. */
export function usePools(linkId: HostLinkId): FollowedPools {
  const [followed, setFollowed] = useState(noPools);
  const isLive = useMayFollow(linkId);
  useEffect(() => {
    if (!isLive) return;
    return follow(
      { linkId, poolId: null },
      {
        told: (message) => {
          if (message.type === 'pools') setFollowed({ pools: message.pools, error: undefined });
        },
        ended: (error) => setFollowed((before) => ({ ...before, error })),
      },
    );
  }, [linkId, isLive]);
  return followed;
}

/** As {@link usePools}, of one pool with its volumes. */
export function usePoolVolumes(linkId: HostLinkId, poolId: PoolId): FollowedVolumes {
  const [followed, setFollowed] = useState(noVolumes);
  const isLive = useMayFollow(linkId);
  useEffect(() => {
    if (!isLive) return;
    return follow(
      { linkId, poolId },
      {
        told: (message) => {
          if (message.type === 'volumes')
            setFollowed({ pool: message.pool, volumes: message.volumes, error: undefined });
        },
        ended: (error) => setFollowed((before) => ({ ...before, error })),
      },
    );
  }, [linkId, poolId, isLive]);
  return followed;
}

/** A host that is connected, knows of storage, and has an administrator in front of it. */
function useMayFollow(linkId: HostLinkId): boolean {
  const link = useLink(linkId);
  return (
    link?.state === 'live' && link.capabilities.includes('storage') && link.user?.role === 'administrator'
  );
}

function follow(request: Parameters<typeof openStorage>[0], listener: StorageListener): () => void {
  let close: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    close = openStorage(request, {
      told: listener.told,
      ended: (error) => {
        listener.ended(error);
        timer = setTimeout(open, RETRY_MS);
      },
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    close?.();
  };
}
