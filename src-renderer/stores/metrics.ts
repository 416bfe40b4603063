import type { HostLinkId, MetricsEvent } from '@limen/contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { MetricsBuffer } from './metrics-buffer.ts';

interface MetricsState {
  /** Counts the frames of each host. What components subscribe to: the samples themselves live in typed arrays. */
  readonly ticks: ReadonlyMap<HostLinkId, number>;
}

const buffers = new Map<HostLinkId, MetricsBuffer>();

export const metricsStore = createStore<MetricsState>(() => ({ ticks: new Map() }));

export function useMetrics<T>(select: (state: MetricsState) => T): T {
  return useStore(metricsStore, select);
}

export function receiveMetrics(linkId: HostLinkId, event: MetricsEvent): void {
  let buffer = buffers.get(linkId);
  if (!buffer) {
    buffer = new MetricsBuffer();
    buffers.set(linkId, buffer);
  }
  buffer.receive(event);
  if (event.type === 'layout') return;
  const { ticks } = metricsStore.getState();
  metricsStore.setState({
    ticks: new Map(ticks).set(linkId, (ticks.get(linkId) ?? 0) + 1),
  });
}

/** The host's rings; undefined until its first event. Not reactive: read after {@link useMetricsTick}. */
export function metricsOf(linkId: HostLinkId): MetricsBuffer | undefined {
  return buffers.get(linkId);
}

/** Renders again with every frame of this host. */
export function useMetricsTick(linkId: HostLinkId): number {
  return useMetrics((state) => state.ticks.get(linkId) ?? 0);
}

export function keepMetrics(keep: (linkId: HostLinkId) => boolean): void {
  for (const linkId of buffers.keys()) if (!keep(linkId)) buffers.delete(linkId);
}
