import { type HostLinkId, isFinished, type Job, type JobId, type JobKind } from '@limen/contract';
import { createStore } from 'zustand/vanilla';
import type { HostJobs } from './jobs.ts';

/** Jobs begun by one act of the person, told about in one notice. */
export interface FollowedJobs {
  readonly id: string;
  readonly linkId: HostLinkId;
  readonly jobIds: readonly JobId[];
  readonly kind: JobKind;
  /** Of what is made or changed; a pattern for several. */
  readonly name: string;
}

interface FollowedState {
  readonly followed: readonly FollowedJobs[];
}

export const followedJobsStore = createStore<FollowedState>(() => ({ followed: [] }));

/** Keep the person informed about these jobs, until all of them have ended. */
export function followJobs(jobs: Omit<FollowedJobs, 'id'>): void {
  const { followed } = followedJobsStore.getState();
  followedJobsStore.setState({ followed: [...followed, { ...jobs, id: crypto.randomUUID() }] });
}

export function unfollowJobs(id: string): void {
  const { followed } = followedJobsStore.getState();
  followedJobsStore.setState({ followed: followed.filter((jobs) => jobs.id !== id) });
}

export interface FollowedProgress {
  /** 0–1 over all of them; null while nothing can be known. */
  readonly fraction: number | null;
  readonly done: readonly Job[];
  readonly failed: readonly Job[];
  readonly cancelled: readonly Job[];
  /** All have ended. */
  readonly over: boolean;
}

/** How followed jobs stand together. A job the feed has not told of yet counts as not begun. */
export function progressOf({ jobIds }: FollowedJobs, jobs: HostJobs | undefined): FollowedProgress {
  const known = jobIds.flatMap((id) => jobs?.get(id) ?? []);
  const inState = (state: Job['state']) => known.filter((job) => job.state === state);
  const fractions = known.map((job) => (isFinished(job.state) ? 1 : job.fraction));
  const sum = fractions.reduce<number>((total, fraction) => total + (fraction ?? 0), 0);
  return {
    fraction: fractions.every((fraction) => fraction === null) ? null : sum / jobIds.length,
    done: inState('done'),
    failed: inState('failed'),
    cancelled: inState('cancelled'),
    over: known.length === jobIds.length && known.every((job) => isFinished(job.state)),
  };
}
