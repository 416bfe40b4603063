import type { Snapshot } from '@limen/contract';
import { useEffect, useState } from 'react';
import { hostClient } from '../../api/host-client.ts';
import type { MachineRef } from '../../stores/machine-key.ts';

/** Pictures never change; so many stay in memory, those looked at last. */
const KEPT = 64;
const pictures = new Map<string, string>();

function keep(key: string, url: string): void {
  pictures.delete(key);
  pictures.set(key, url);
  const [oldest] = pictures.keys();
  if (pictures.size > KEPT && oldest !== undefined) pictures.delete(oldest);
}

/** What was on the screen at that moment, as a URL; undefined without one, or until it is there. */
export function usePicture({ linkId, machineId }: MachineRef, snapshot: Snapshot): string | undefined {
  const { name, createdAt, hasPicture } = snapshot;
  const key = `${linkId}/${machineId}/${createdAt}/${name}`;
  const [loaded, setLoaded] = useState<{ readonly key: string; readonly url: string }>();
  useEffect(() => {
    if (!hasPicture || pictures.has(key)) return;
    const left = new AbortController();
    hostClient(linkId)
      .snapshots.picture({ machineId, name }, { signal: left.signal })
      .then(
        ({ mediaType, base64 }) => {
          const url = `data:${mediaType};base64,${base64}`;
          keep(key, url);
          setLoaded({ key, url });
          return url;
        },
        // A snapshot without its picture is shown as one that has none.
        () => {},
      );
    return () => left.abort();
  }, [key, linkId, machineId, name, hasPicture]);
  return hasPicture ? (pictures.get(key) ?? (loaded?.key === key ? loaded.url : undefined)) : undefined;
}
