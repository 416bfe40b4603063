import { type Job, jobTextName } from '@limen/contract';
import type { Translate } from '../locales/i18n.ts';

/** "Creating web-4", "Created web-4", "Creating web-4 failed": what a job is, or was, in words. */
export function jobTitle(job: Pick<Job, 'kind' | 'subject' | 'state'>, t: Translate): string {
  return t(`jobs:title.${phase(job.state)}.${jobTextName[job.kind]}`, { name: job.subject.name });
}

type Phase = 'doing' | 'done' | 'failed' | 'cancelled';

export function phase(state: Job['state']): Phase {
  switch (state) {
    case 'queued':
    case 'running':
    case 'undoing':
      return 'doing';
    case 'done':
    case 'failed':
    case 'cancelled':
      return state;
  }
}

/** Names of the host's steps that have words here; a newer host may have others, which are counted instead. */
const steps = [
  'reserve',
  'base',
  'disk',
  'seed',
  'nvram',
  'define',
  'define-network',
  'owner',
  'autostart',
  'start',
  'settle',
  'copy',
  'generalise',
  'unlink',
  'delete',
  'resolve',
  'fetch',
  'verify',
  'unpack',
  'inspect',
  'convert',
  'place',
  'enter',
  'volume',
  'wipe',
  'renew',
  'snapshot',
  'present',
  'overlays',
  'revert',
  'resume',
  'merge',
  'save',
] as const;

function isKnownStep(name: string): name is (typeof steps)[number] {
  return (steps as readonly string[]).includes(name);
}

/** What it is doing right now. */
export function jobPhase(job: Job, t: Translate): string {
  if (job.state === 'queued') return t('jobs:state.queued');
  if (job.state === 'undoing') return t('jobs:state.undoing');
  if (job.cancelRequested && job.state === 'running') return t('jobs:state.cancelling');
  if (job.step && job.state === 'running') {
    if (isKnownStep(job.step.name)) return t(`jobs:step.${job.step.name}`);
    return t('jobs:state.step', { index: job.step.index + 1, count: job.step.count });
  }
  return t(`jobs:state.${job.state}`);
}
