import type { CreationOptions, HostLink, HostLinkId, Image, ImageId } from '@limen/contract';
import { type CreateValues, needsImage } from './form-values.ts';
import { imageKey } from './preset-defaults.ts';

/** A host as far as new machines are concerned. */
export interface CreateHost {
  readonly link: HostLink;
  /** Undefined until the host has answered. */
  readonly options: CreationOptions | undefined;
  readonly images: readonly Image[];
}

/** Why a host is not the place; `room` is memory and disk, by the host's own reckoning. */
export type MisfitReason = 'away' | 'old' | 'asking' | 'image' | 'memory' | 'disk' | 'vcpus';

export interface Fit {
  readonly host: CreateHost;
  /** Null: it fits. */
  readonly reason: MisfitReason | null;
}

/** Bytes and numbers asked for, of all machines together. */
export interface Demand {
  readonly machines: number;
  readonly vcpus: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** Empty fields count as nothing: they are reported where they are. */
export function demandOf(values: CreateValues): Demand {
  const machines = Math.max(1, Number(values.count) || 1);
  const attached = values.tab === 'disk' && values.diskMode === 'attach';
  return {
    machines,
    vcpus: machines * (Number(values.vcpus) || 0),
    memoryBytes: machines * (Number(values.memoryBytes) || 0),
    diskBytes: attached ? 0 : machines * (Number(values.diskBytes) || 0),
  };
}

/** The image chosen in the form, on this host; undefined where the host does not have it. */
export function imageOn(host: CreateHost, values: CreateValues): Image | undefined {
  if (!needsImage(values) || values.image === null) return undefined;
  return host.images.find((image) => imageKey(image) === values.image && !image.missing);
}

/** What the contract is told: the id the image has on the host that will use it. */
export function imageIdOn(host: CreateHost | undefined, values: CreateValues): ImageId | null {
  return host ? (imageOn(host, values)?.id ?? null) : null;
}

/** Hosts that may be asked at all; the others say on their own page what is wrong with them. */
export function canCreate(link: HostLink): boolean {
  return link.state === 'live' && link.capabilities.includes('machines.create');
}

/**
 * Every host with whether the machine fits there; first those that do, the one with most memory left at the top.
 */
export function rankHosts(hosts: readonly CreateHost[], values: CreateValues): readonly Fit[] {
  const demand = demandOf(values);
  return hosts
    .map((host) => ({ host, reason: misfit(host, values, demand) }))
    .sort(
      (a, b) =>
        Number(a.reason !== null) - Number(b.reason !== null) || freeMemory(b.host) - freeMemory(a.host),
    );
}

function misfit(host: CreateHost, values: CreateValues, demand: Demand): MisfitReason | null {
  if (host.link.state !== 'live') return 'away';
  if (!canCreate(host.link)) return 'old';
  if (values.image !== null && needsImage(values) && !imageOn(host, values)) return 'image';
  const { options } = host;
  if (!options) return 'asking';
  if (Number(values.vcpus) > options.maximumVcpus) return 'vcpus';
  if (demand.memoryBytes > options.capacity.memoryAvailableBytes) return 'memory';
  if (demand.diskBytes > options.capacity.diskAvailableBytes) return 'disk';
  return null;
}

function freeMemory(host: CreateHost): number {
  return host.options?.capacity.memoryAvailableBytes ?? 0;
}

/**
 * The host the machine will go to: the chosen one, or the first in the ranking. Where it fits nowhere, the first
 * that may be asked at all, so that its figures can show why; when none may, one that was asked before.
 */
export function targetHost(ranked: readonly Fit[], chosen: HostLinkId | 'auto'): CreateHost | undefined {
  if (chosen !== 'auto') return ranked.find((fit) => fit.host.link.id === chosen)?.host;
  const usable = ranked.find((fit) => canCreate(fit.host.link));
  return (usable ?? ranked.find((fit) => fit.host.options !== undefined))?.host;
}
