import { type Job, jobTextName, LimenError } from '@limen/contract';
import { Anchor, Group, Stack, Text } from '@mantine/core';
import { errorText } from '../../components/error-text.ts';
import { JobProgress } from '../../components/JobProgress.tsx';
import { useText } from '../../locales/i18n.ts';
import { type FollowedJobs, progressOf } from '../../stores/followed-jobs.ts';
import { useJobs } from '../../stores/jobs.ts';

/** The bar inside a notice; alone renders with the jobs' progress. */
export function RunningMessage({ followed }: { readonly followed: FollowedJobs }) {
  const { t } = useText();
  const jobs = useJobs((state) => state.hosts.get(followed.linkId));
  const { fraction, done } = progressOf(followed, jobs);
  const total = followed.jobIds.length;
  return (
    <Stack gap={4} pt={4}>
      <JobProgress
        label={t(`jobs:title.doing.${jobTextName[followed.kind]}`, { name: followed.name })}
        fraction={fraction}
      />
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
