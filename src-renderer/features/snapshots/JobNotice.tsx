import { Alert, Stack, Text } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { JobProgress } from '../../components/JobProgress.tsx';
import { jobPhase, jobTitle } from '../../components/job-text.ts';
import { useText } from '../../locales/i18n.ts';
import type { SnapshotsModel } from './use-snapshots-model.ts';

/** Long work with the machine, which everything else waits for. */
export function JobNotice({ model: { job } }: { readonly model: SnapshotsModel }) {
  const { t } = useText();
  if (job === undefined) return null;
  const title = jobTitle(job, t);
  return (
    <Alert variant="light" icon={<IconHourglass aria-hidden />} title={title} role="status">
      <Stack gap={6}>
        <Text size="sm">{jobPhase(job, t)}</Text>
        <JobProgress label={title} fraction={job.fraction} />
      </Stack>
    </Alert>
  );
}
