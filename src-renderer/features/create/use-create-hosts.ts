import { asLimenError } from '../../api/bridge.ts';
import { hostClient } from '../../api/host-client.ts';
import type { CreationOptions, HostLinkId, LimenError, Preset, Quota } from '@limen/contract';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useImages } from '../../stores/images.ts';
import { useAllLinks } from '../../stores/links.ts';
import { canCreate, type CreateHost } from './placement.ts';

/** What was asked of one host; kept while it is away, and asked again when it comes back. */
export interface HostAnswers {
  readonly options: CreationOptions;
  readonly presets: readonly Preset[];
  readonly quota: Quota;
}

export interface CreateHosts {
  /** All hosts in the person's order, those too that cannot be asked now. */
  readonly hosts: readonly CreateHost[];
  readonly answers: ReadonlyMap<HostLinkId, HostAnswers>;
  readonly errors: ReadonlyMap<HostLinkId, LimenError>;
  readonly reload: () => void;
}

/** Capacity moves while the page is open: other people create machines too. */
const RENEW_MS = 15_000;

/** Every host with its images, capacity, presets and the person's quota there. One silent host delays no other. */
export function useCreateHosts(): CreateHosts {
  const links = useAllLinks();
  const images = useImages((state) => state.hosts);
  const [answers, setAnswers] = useState<ReadonlyMap<HostLinkId, HostAnswers>>(new Map());
  const [errors, setErrors] = useState<ReadonlyMap<HostLinkId, LimenError>>(new Map());
  // A text, so that other changes of the links (their clocks) do not ask everybody again.
  const askable = links
    .filter(canCreate)
    .map((link) => link.id)
    .join();

  const ask = useCallback(
    (signal?: AbortSignal) => {
      for (const linkId of askable.split(',') as HostLinkId[]) {
        if (linkId.length === 0) continue;
        askHost(linkId, signal).then(
          (answer) => {
            setAnswers((before) => new Map(before).set(linkId, answer));
            return setErrors((before) => without(before, linkId));
          },
          (failure: unknown) => {
            if (!signal?.aborted) setErrors((before) => new Map(before).set(linkId, asLimenError(failure)));
          },
        );
      }
    },
    [askable],
  );

  useEffect(() => {
    const ended = new AbortController();
    ask(ended.signal);
    const timer = setInterval(() => ask(ended.signal), RENEW_MS);
    return () => {
      clearInterval(timer);
      ended.abort();
    };
  }, [ask]);

  const hosts = useMemo(
    () =>
      links.map((link) => ({
        link,
        options: answers.get(link.id)?.options,
        images: [...(images.get(link.id)?.values() ?? [])],
      })),
    [links, answers, images],
  );
  return { hosts, answers, errors, reload: useCallback(() => ask(), [ask]) };
}

async function askHost(linkId: HostLinkId, signal: AbortSignal | undefined): Promise<HostAnswers> {
  const client = hostClient(linkId);
  const context = signal ? { signal } : {};
  const [options, presets, quota] = await Promise.all([
    client.machines.creationOptions({}, context),
    client.images.presets({}, context),
    client.quotas.own({}, context),
  ]);
  return { options, presets, quota };
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const next = new Map(map);
  next.delete(key);
  return next;
}
