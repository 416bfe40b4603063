import {
  type HostLinkId,
  type ImageId,
  isFinished,
  type Job,
  type JobId,
  type JobsEvent,
} from '@limen/contract';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { MachineRef } from './machine-key.ts';

/** Jobs of one host by id, as last known. */
export type HostJobs = ReadonlyMap<JobId, Job>;

/** A host that cannot run jobs, or has not told its jobs yet, has no entry. */
export type JobsByHost = ReadonlyMap<HostLinkId, HostJobs>;

/** A job and the host it runs on: an id alone names it on that host only. */
export interface JobEntry {
  readonly linkId: HostLinkId;
  readonly job: Job;
}

export const jobsStore = createStore<{ readonly hosts: JobsByHost }>(() => ({ hosts: new Map() }));

export function useJobs<T>(select: (state: { readonly hosts: JobsByHost }) => T): T {
  return useStore(jobsStore, select);
}

/** Jobs that did not change keep their identity. */
export function applyJobs(before: HostJobs | undefined, event: JobsEvent): HostJobs {
  switch (event.type) {
    case 'snapshot':
      return new Map(event.jobs.map((job) => [job.id, job]));
    case 'changes': {
      const jobs = new Map(before);
      for (const job of event.upserted) jobs.set(job.id, job);
      for (const id of event.removed) jobs.delete(id);
      return jobs;
    }
  }
}

export function receiveJobs(linkId: HostLinkId, event: JobsEvent): void {
  const { hosts } = jobsStore.getState();
  jobsStore.setState({ hosts: new Map(hosts).set(linkId, applyJobs(hosts.get(linkId), event)) });
}

/** Drop what belonged to hosts that were removed or signed out of. */
export function keepJobs(keep: (linkId: HostLinkId) => boolean): void {
  const { hosts } = jobsStore.getState();
  const kept = [...hosts].filter(([linkId]) => keep(linkId));
  if (kept.length !== hosts.size) jobsStore.setState({ hosts: new Map(kept) });
}

/** Jobs of all hosts, the youngest first. */
export function listJobs(hosts: JobsByHost): readonly JobEntry[] {
  return [...hosts]
    .flatMap(([linkId, jobs]) => [...jobs.values()].map((job) => ({ linkId, job })))
    .sort((a, b) => compare(b.job.createdAt, a.job.createdAt) || compare(a.job.id, b.job.id));
}

/** What is still to be done, the youngest first. */
export function unfinishedJobs(hosts: JobsByHost): readonly JobEntry[] {
  return listJobs(hosts).filter(({ job }) => !isFinished(job.state));
}

/** The job that works on this machine now; the one begun last if there are several. */
export function findMachineJob(
  jobs: HostJobs | undefined,
  machineId: MachineRef['machineId'],
): Job | undefined {
  return youngest(jobs, (job) => job.subject.machineId === machineId);
}

/** The job that makes or changes this image now. */
export function findImageJob(jobs: HostJobs | undefined, imageId: ImageId): Job | undefined {
  return youngest(jobs, (job) => job.subject.imageId === imageId && job.subject.machineId === null);
}

export function useAllJobs(): readonly JobEntry[] {
  const hosts = useJobs((state) => state.hosts);
  return useMemo(() => listJobs(hosts), [hosts]);
}

export function useUnfinishedJobs(): readonly JobEntry[] {
  const hosts = useJobs((state) => state.hosts);
  return useMemo(() => unfinishedJobs(hosts), [hosts]);
}

export function useJob(linkId: HostLinkId, jobId: JobId): Job | undefined {
  return useJobs((state) => state.hosts.get(linkId)?.get(jobId));
}

export function useMachineJob({ linkId, machineId }: MachineRef): Job | undefined {
  return useJobs((state) => findMachineJob(state.hosts.get(linkId), machineId));
}

export function useImageJob(linkId: HostLinkId, imageId: ImageId): Job | undefined {
  return useJobs((state) => findImageJob(state.hosts.get(linkId), imageId));
}

function youngest(jobs: HostJobs | undefined, concerns: (job: Job) => boolean): Job | undefined {
  let found: Job | undefined;
  for (const job of jobs?.values() ?? []) {
    if (isFinished(job.state) || !concerns(job)) continue;
    if (found === undefined || compare(found.createdAt, job.createdAt) < 0) found = job;
  }
  return found;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
