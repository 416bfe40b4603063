import { Group, Paper, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { JobProgress } from '../../components/JobProgress.tsx';
import { formatPercent } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { useInventory } from '../../stores/inventory.ts';
import { type JobEntry, useUnfinishedJobs } from '../../stores/jobs.ts';
import { useLink } from '../../stores/links.ts';

/** Beyond these the rest is a number: a table of their own would hide the machines there are. */
const SHOWN = 5;

/** Machines that are being made and that libvirt does not know yet: rows from the first moment on. */
export function BeingMade() {
  const { t } = useText();
  const jobs = useUnfinishedJobs();
  const hosts = useInventory((state) => state.hosts);
  const made = useMemo(
    () =>
      jobs.filter(({ linkId, job }) => {
        const { machineId } = job.subject;
        if (job.kind !== 'machine.create' && job.kind !== 'machine.clone') return false;
        return machineId !== null && !hosts.get(linkId)?.machines.has(machineId);
      }),
    [jobs, hosts],
  );
  if (made.length === 0) return null;
  return (
    <Paper withBorder bg="var(--limen-raised)" px="md" py="xs">
      <Stack
        component="ul"
        gap="xs"
        m={0}
        p={0}
        style={{ listStyle: 'none' }}
        aria-label={t('machines:made.label')}
      >
        {made.slice(0, SHOWN).map((entry) => (
          <MadeRow key={entry.job.id} {...entry} />
        ))}
        {made.length > SHOWN && (
          <Text component="li" size="xs" c="var(--limen-quiet)">
            {t('machines:made.more', { count: made.length - SHOWN })}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function MadeRow({ linkId, job }: JobEntry) {
  const { t, language } = useText();
  const host = useLink(linkId)?.name ?? '';
  const { name } = job.subject;
  const state = t(job.state === 'undoing' ? 'machines:made.undoing' : 'machines:made.creating');
  return (
    <Group component="li" gap="md" wrap="nowrap" fz={13} data-being-made={name}>
      <Text fz="inherit" fw={600} truncate w={200}>
        {name}
      </Text>
      <Text fz="inherit" c="var(--limen-quiet)" truncate w={160}>
        {host}
      </Text>
      <Text fz="inherit" c="var(--limen-busy)" w={140}>
        {state}
      </Text>
      <div style={{ flex: 1 }}>
        <JobProgress label={t('machines:made.progress', { name })} fraction={job.fraction} />
      </div>
      <Text fz="xs" c="var(--limen-quiet)" w={48} ta="right">
        {job.fraction === null ? t('common:gap') : formatPercent(job.fraction * 100, language)}
      </Text>
    </Group>
  );
}
