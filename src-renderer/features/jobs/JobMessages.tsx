import { type HostLinkId, type Job, type JobKind, jobTextName, LimenError } from '@limen/contract';
import { Anchor, Group, Loader, Stack, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { AsOf } from '../../components/AsOf.tsx';
import { errorText } from '../../components/error-text.ts';
import { JobProgress } from '../../components/JobProgress.tsx';
import { useText } from '../../locales/i18n.ts';
import { type FollowedJobs, progressOf } from '../../stores/followed-jobs.ts';
import { useLinkFreshness } from '../../stores/freshness.ts';
import { useJobs } from '../../stores/jobs.ts';

export interface NoticeTitleProps {
  readonly phase: 'doing' | 'done' | 'failed';
  readonly kind: JobKind;
  /** Of what it is about; of several, joined. */
  readonly name: string;
}

/** Of a notice, which outlives a change of the language. */
export function NoticeTitle({ phase, kind, name }: NoticeTitleProps) {
  const { t } = useText();
  return t(`jobs:title.${phase}.${jobTextName[kind]}`, { name });
}

/** Turns while the host tells how far its jobs are. */
export function RunningIcon({ linkId }: { readonly linkId: HostLinkId }) {
  const stale = useLinkFreshness(linkId).kind === 'stale';
  if (stale) return <IconPlugConnectedX size={22} color="var(--limen-quiet)" aria-hidden />;
  return <Loader size={28} aria-hidden />;
}

/** The bar inside a notice; alone renders with the jobs' progress. */
export function RunningMessage({ followed }: { readonly followed: FollowedJobs }) {
  const { t } = useText();
  const jobs = useJobs((state) => state.hosts.get(followed.linkId));
  const freshness = useLinkFreshness(followed.linkId);
  const { fraction, done } = progressOf(followed, jobs);
  const total = followed.jobIds.length;
  return (
    <Stack gap={4} pt={4}>
      <JobProgress
        label={t(`jobs:title.doing.${jobTextName[followed.kind]}`, { name: followed.name })}
        fraction={fraction}
        stale={freshness.kind === 'stale'}
      />
      {freshness.kind === 'stale' && (
        <Text size="xs" c="var(--limen-quiet)">
          <AsOf at={freshness.asOf} />
        </Text>
      )}
      {total > 1 && (
        <Text size="xs" c="var(--limen-quiet)">
          {t('jobs:doneOf', { done: done.length, total })}
        </Text>
      )}
    </Stack>
  );
}

export interface ReadyMessageProps {
  readonly onOpen: () => void;
  readonly onConsole: (() => void) | undefined;
}

export function ReadyMessage({ onOpen, onConsole }: ReadyMessageProps) {
  const { t } = useText();
  return (
    <Group gap="md">
      <Anchor component="button" size="sm" underline="always" onClick={onOpen}>
        {t('jobs:open')}
      </Anchor>
      {onConsole && (
        <Anchor component="button" size="sm" underline="always" onClick={onConsole}>
          {t('jobs:console')}
        </Anchor>
      )}
    </Group>
  );
}

export interface FailedMessageProps {
  readonly job: Job;
  readonly failed: number;
  readonly total: number;
  readonly onDetails: () => void;
}

export function FailedMessage({ job, failed, total, onDetails }: FailedMessageProps) {
  const { t } = useText();
  const text = errorText(LimenError.from(job.error), t);
  return (
    <Stack gap={4} align="flex-start">
      {total > 1 && <Text size="sm">{t('jobs:failedOf', { failed, total })}</Text>}
      <Text size="sm">
        {text.what}. {text.why} {text.todo}
      </Text>
      <Anchor component="button" size="sm" underline="always" onClick={onDetails}>
        {t('common:details')}
      </Anchor>
    </Stack>
  );
}
