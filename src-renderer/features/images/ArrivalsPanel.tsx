import type { Upload } from '@limen/contract';
import { ActionIcon, Stack, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useJobActions } from '../../actions/use-job-actions.ts';
import { UploadItem } from '../../actions/UploadItem.tsx';
import { Arrival } from '../../components/Arrival.tsx';
import { AsOf } from '../../components/AsOf.tsx';
import { jobPhase } from '../../components/job-text.ts';
import { Panel } from '../../components/Panel.tsx';
import { formatBytesOf } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { useLinkFreshness } from '../../stores/freshness.ts';
import { type JobEntry, useUnfinishedJobs } from '../../stores/jobs.ts';
import { useLink } from '../../stores/links.ts';
import { useAllUploads } from '../../stores/uploads.ts';

export interface Arrivals {
  readonly uploads: readonly Upload[];
  /** Jobs that make images, apart from those the uploads already tell of. */
  readonly jobs: readonly JobEntry[];
}

/** Everything on its way into the libraries. */
export function useArrivals(): Arrivals {
  const all = useAllUploads();
  const unfinished = useUnfinishedJobs();
  return useMemo(() => {
    const uploads = all.filter(({ poolId }) => poolId === null);
    const told = new Set(uploads.map((upload) => upload.jobId));
    const jobs = unfinished.filter(({ job }) => job.kind.startsWith('image.') && !told.has(job.id));
    return { uploads, jobs };
  }, [all, unfinished]);
}

/** What is on its way into the libraries; nothing when nothing is. */
export function ArrivalsPanel({ uploads, jobs }: Arrivals) {
  const { t } = useText();
  if (uploads.length === 0 && jobs.length === 0) return null;
  return (
    <Panel title={t('images:arrivals.title')}>
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {uploads.map((upload) => (
          <UploadItem key={upload.id} upload={upload} />
        ))}
        {jobs.map((entry) => (
          <JobItem key={entry.job.id} {...entry} />
        ))}
      </Stack>
    </Panel>
  );
}

function JobItem({ linkId, job }: JobEntry) {
  const { t, language } = useText();
  const { cancel } = useJobActions();
  const link = useLink(linkId);
  const freshness = useLinkFreshness(linkId);
  const { name } = job.subject;
  const parts = [
    `→ ${link?.name ?? ''}`,
    jobPhase(job, t),
    ...(job.bytes ? [formatBytesOf(job.bytes.done, job.bytes.total, language)] : []),
  ];
  return (
    <Arrival
      name={name}
      text={
        <>
          {parts.join(' · ')}
          {freshness.kind === 'stale' && (
            <>
              {' · '}
              <AsOf at={freshness.asOf} />
            </>
          )}
        </>
      }
      fraction={job.fraction}
      stale={freshness.kind === 'stale'}
      error={job.error}
      failed={false}
      state={job.state}
    >
      <Tooltip label={t('common:cancel')}>
        <ActionIcon
          aria-label={t('images:arrivals.cancelOf', { name })}
          disabled={freshness.kind === 'stale' || job.cancelRequested || job.state === 'undoing'}
          onClick={() => cancel(linkId, job)}
        >
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
    </Arrival>
  );
}
