import { type HostLinkId, type Job, jobTextName, type ShowTarget } from '@limen/contract';
import type { TFunction } from 'i18next';

/** What a notification of the system says, and what a click on it brings to the screen. */
export interface JobMessage {
  readonly title: string;
  readonly body: string;
  readonly target: ShowTarget;
}

/** @param jobs at least one, of one host; several share one notification */
export function jobMessage(
  t: TFunction,
  link: { id: HostLinkId; name: string },
  jobs: readonly Job[],
): JobMessage {
  const [only] = jobs;
  const linkId = link.id;
  if (only === undefined || jobs.length > 1) {
    const done = jobs.filter((job) => job.state === 'done').length;
    const failed = jobs.length - done;
    const title = failed === 0 ? t('jobs.allDone', { done }) : t('jobs.someFailed', { done, failed });
    return { title, body: t('jobs.onHost', { host: link.name }), target: { kind: 'jobs', linkId } };
  }
  const outcome = only.state === 'done' ? 'jobDone' : 'jobFailed';
  return {
    title: t(`${outcome}.${jobTextName[only.kind]}`, { name: only.subject.name }),
    body: t(only.state === 'done' ? 'jobs.onHost' : 'jobs.failedOnHost', { host: link.name }),
    target: targetOf(linkId, only),
  };
}

/** The machine, where there is one now; why a job failed is told where jobs are. */
function targetOf(linkId: HostLinkId, { state, kind, subject }: Job): ShowTarget {
  const { machineId } = subject;
  const exists = state === 'done' && machineId !== null && kind !== 'machine.purge';
  return exists ? { kind: 'machine', linkId, machineId } : { kind: 'jobs', linkId };
}
