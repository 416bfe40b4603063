import type { HostLinkId, Job } from '@limen/contract';
import { useMemo } from 'react';
import { asLimenError } from '../api/bridge.ts';
import { hostClient } from '../api/host-client.ts';
import { notifyError } from '../components/notify.tsx';
import { useText } from '../locales/i18n.ts';
import { followJobs } from '../stores/followed-jobs.ts';

export interface JobActions {
  readonly cancel: (linkId: HostLinkId, job: Job) => void;
  readonly retry: (linkId: HostLinkId, job: Job) => void;
}

/** What a person can do about a job. A refusal is told with its reason. */
export function useJobActions(): JobActions {
  const { t } = useText();
  return useMemo(
    () => ({
      cancel: (linkId, job) => {
        hostClient(linkId)
          .jobs.cancel({ jobId: job.id })
          .catch((error: unknown) =>
            notifyError(t('jobs:cancelRefused', { name: job.subject.name }), asLimenError(error), t),
          );
      },
      retry: (linkId, job) => {
        hostClient(linkId)
          .jobs.retry({ jobId: job.id })
          .then(
            (again) => followJobs({ linkId, jobIds: [again.id], kind: again.kind, name: again.subject.name }),
            (error: unknown) =>
              notifyError(t('jobs:retryRefused', { name: job.subject.name }), asLimenError(error), t),
          );
      },
    }),
    [t],
  );
}
