import { isFinished, LimenError } from '@limen/contract';
import { ActionIcon, Anchor, Group, Stack, Text, Tooltip } from '@mantine/core';
import {
  IconAlertCircle,
  IconCircleCheck,
  IconCircleOff,
  IconLoader2,
  IconPlugConnectedX,
  IconReload,
  IconX,
} from '@tabler/icons-react';
import { AsOf } from '../../components/AsOf.tsx';
import { errorText } from '../../components/error-text.ts';
import { JobProgress } from '../../components/JobProgress.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatBytesOf } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { useLinkFreshness } from '../../stores/freshness.ts';
import type { JobEntry } from '../../stores/jobs.ts';
import { useLink } from '../../stores/links.ts';
import { jobPhase, jobTitle, phase } from '../../components/job-text.ts';
import { useJobActions } from '../../actions/use-job-actions.ts';

const looks = {
  doing: { icon: IconLoader2, color: 'var(--limen-busy)' },
  done: { icon: IconCircleCheck, color: 'var(--limen-running)' },
  failed: { icon: IconAlertCircle, color: 'var(--limen-error)' },
  cancelled: { icon: IconCircleOff, color: 'var(--limen-quiet)' },
  away: { icon: IconPlugConnectedX, color: 'var(--limen-quiet)' },
} as const;

export interface JobItemProps extends JobEntry {
  readonly onDetails: () => void;
}

/** One job in the list: what, where, how far, and what can be done about it. */
export function JobItem({ linkId, job, onDetails }: JobItemProps) {
  const { t, language } = useText();
  const { cancel, retry } = useJobActions();
  const link = useLink(linkId);
  const freshness = useLinkFreshness(linkId);
  const live = freshness.kind === 'live';
  const title = jobTitle(job, t);
  const unfinished = !isFinished(job.state);
  const { icon: Icon, color } = looks[unfinished && !live ? 'away' : phase(job.state)];
  return (
    <Group component="li" gap="sm" wrap="nowrap" align="flex-start" data-job={job.state}>
      <Icon size={18} color={color} aria-hidden style={{ marginTop: 2, flexShrink: 0 }} />
      <Stack gap={4} flex={1} miw={0}>
        <Text size="sm" fw={500} truncate title={title}>
          {title}
        </Text>
        {unfinished && <JobProgress label={title} fraction={job.fraction} stale={!live} />}
        <Text size="xs" c="var(--limen-quiet)">
          {link?.name} · {jobPhase(job, t)}
          {unfinished && job.bytes && ` · ${formatBytesOf(job.bytes.done, job.bytes.total, language)}`}
          {unfinished && freshness.kind === 'stale' && (
            <>
              {' · '}
              <AsOf at={freshness.asOf} />
            </>
          )}
          {job.finishedAt !== null && (
            <>
              {' · '}
              <RelativeTime at={job.finishedAt} />
            </>
          )}
          {' · '}
          <Anchor component="button" size="xs" underline="always" onClick={onDetails}>
            {t('common:details')}
          </Anchor>
        </Text>
        {job.error && (
          <Text size="xs" c="var(--limen-error)">
            {errorText(LimenError.from(job.error), t).why}
          </Text>
        )}
      </Stack>
      {unfinished && (
        <Tooltip label={t('jobs:cancel')}>
          <ActionIcon
            size="sm"
            aria-label={t('jobs:cancelOf', { name: title })}
            disabled={!live || job.cancelRequested || job.state === 'undoing'}
            onClick={() => cancel(linkId, job)}
          >
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      )}
      {(job.state === 'failed' || job.state === 'cancelled') && (
        <Tooltip label={t('common:retry')}>
          <ActionIcon
            size="sm"
            aria-label={t('jobs:retryOf', { name: title })}
            disabled={!live}
            onClick={() => retry(linkId, job)}
          >
            <IconReload size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}
