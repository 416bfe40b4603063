import { isFinished, type JobLogLine, LimenError } from '@limen/contract';
import { Code, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { asLimenError } from '../../api/bridge.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { AsOf } from '../../components/AsOf.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { FactList } from '../../components/FactList.tsx';
import { JobProgress } from '../../components/JobProgress.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatLogTime } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../locales/i18n.ts';
import { useLinkFreshness } from '../../stores/freshness.ts';
import { useJob } from '../../stores/jobs.ts';
import { useLink } from '../../stores/links.ts';
import { closeOverlays, type JobRef } from '../../stores/overlays.ts';
import { jobPhase, jobTitle } from '../../components/job-text.ts';
import classes from './jobs.module.css';

/** One job from its beginning: where it stands, what it said, why it failed. */
export function JobDetails({ target }: { readonly target: JobRef }) {
  const { t } = useText();
  const job = useJob(target.linkId, target.jobId);
  const link = useLink(target.linkId);
  const freshness = useLinkFreshness(target.linkId);
  const stale = freshness.kind === 'stale';
  const { log, error } = useJobLog(target, `${job?.state ?? ''}/${job?.step?.name ?? ''}`);
  return (
    <Modal opened onClose={closeOverlays} size="lg" title={job ? jobTitle(job, t) : t('jobs:gone')}>
      <Stack>
        {job && (
          <>
            {!isFinished(job.state) && (
              <JobProgress label={jobTitle(job, t)} fraction={job.fraction} stale={stale} />
            )}
            <FactList
              facts={[
                {
                  label: t('jobs:fact.state'),
                  value: (
                    <>
                      {jobPhase(job, t)}
                      {!isFinished(job.state) && freshness.kind === 'stale' && (
                        <>
                          {' · '}
                          <AsOf at={freshness.asOf} />
                        </>
                      )}
                    </>
                  ),
                },
                ...(job.step
                  ? [
                      {
                        label: t('jobs:fact.step'),
                        value: t('jobs:state.step', { index: job.step.index + 1, count: job.step.count }),
                      },
                    ]
                  : []),
                { label: t('jobs:fact.host'), value: link?.name ?? t('common:unknown') },
                { label: t('jobs:fact.by'), value: job.createdBy?.username ?? t('common:none') },
                { label: t('jobs:fact.since'), value: <RelativeTime at={job.createdAt} /> },
                ...(job.finishedAt === null
                  ? []
                  : [{ label: t('jobs:fact.until'), value: <RelativeTime at={job.finishedAt} /> }]),
              ]}
            />
            {job.error && <ErrorCallout error={LimenError.from(job.error)} copy={copyText} />}
          </>
        )}
        {error && <ErrorCallout error={error} copy={copyText} />}
        {log && <JobLog lines={log} />}
      </Stack>
    </Modal>
  );
}

function JobLog({ lines }: { readonly lines: readonly JobLogLine[] }) {
  const { t, language } = useText();
  const now = useNow(60_000);
  if (lines.length === 0) {
    return (
      <Text size="sm" c="var(--limen-quiet)">
        {t('jobs:noLog')}
      </Text>
    );
  }
  return (
    <Code block className={classes['log'] ?? ''} tabIndex={0} aria-label={t('jobs:log')} role="log">
      {lines.map((line) => `${formatLogTime(line.at, language, now)}  ${line.text}`).join('\n')}
    </Code>
  );
}

/** Read again at every stage (state and step): lines come only with those. */
function useJobLog(target: JobRef, stage: string) {
  const [answer, setAnswer] = useState<{ readonly stage: string; readonly log: readonly JobLogLine[] }>();
  const [error, setError] = useState<LimenError>();
  const { linkId, jobId } = target;
  useEffect(() => {
    const ended = new AbortController();
    hostClient(linkId)
      .jobs.get({ jobId }, { signal: ended.signal })
      .then(
        ({ log }) => {
          setAnswer({ stage, log });
          return setError(undefined);
        },
        (failure: unknown) => {
          if (!ended.signal.aborted) setError(asLimenError(failure));
        },
      );
    return () => ended.abort();
  }, [linkId, jobId, stage]);
  return { log: answer?.log, error };
}
