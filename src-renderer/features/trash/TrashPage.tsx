import { isAllowed } from '@limen/contract';
import { Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { IconTrash, IconTrashX } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatBytes, formatNumber } from '../../lib/format.ts';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { useText } from '../../locales/i18n.ts';
import { useAllLinks, useLink } from '../../stores/links.ts';
import { useMachineJob } from '../../stores/jobs.ts';
import { type TrashEntry, useTrash } from '../../stores/trash.ts';
import { PurgeDialog } from './PurgeDialog.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';
import { useRestore } from './use-restore.ts';

/** Machines that were deleted and can still be had back. */
export function TrashPage() {
  const { t, language } = useText();
  const entries = useTrash();
  const links = useAllLinks();
  const [purging, setPurging] = useState<readonly TrashEntry[]>();
  const { restore, renaming, closeRenaming } = useRestore();
  useDocumentTitle(t('trash:title'));
  const own = entries.filter(({ linkId, machine }) => {
    const link = links.find((candidate) => candidate.id === linkId);
    const owns = link?.user !== null && link?.user !== undefined && machine.owner?.id === link.user.id;
    return link?.state === 'live' && isAllowed('machine:manage', link.user?.role, owns);
  });

  return (
    <Stack gap="sm" h="100%" p="md">
      <Group justify="space-between" wrap="nowrap">
        <Title order={1} size="h4">
          {entries.length === 0
            ? t('trash:title')
            : t('trash:titleWithCount', { shown: formatNumber(entries.length, language) })}
        </Title>
        {own.length > 0 && (
          <Button
            variant="default"
            c="var(--limen-error)"
            leftSection={<IconTrashX size={16} aria-hidden />}
            onClick={() => setPurging(own)}
          >
            {t('trash:empty.button')}
          </Button>
        )}
      </Group>
      {entries.length === 0 ? (
        <EmptyState icon={IconTrash} title={t('trash:nothing.title')} body={t('trash:nothing.body')} />
      ) : (
        <>
          <Text size="sm" c="var(--limen-quiet)">
            {t('trash:about')}
          </Text>
          <Table
            withTableBorder
            highlightOnHover
            verticalSpacing={8}
            fz={13}
            bg="var(--limen-raised)"
            aria-label={t('trash:title')}
          >
            <Table.Thead>
              <Table.Tr>
                {(['name', 'host', 'size', 'deleted', 'purge'] as const).map((column) => (
                  <Table.Th key={column} fz="xs" c="var(--limen-quiet)">
                    {t(`trash:column.${column}`)}
                  </Table.Th>
                ))}
                <Table.Th aria-label={t('trash:actions')} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map((entry) => (
                <TrashRow
                  key={`${entry.linkId}/${entry.machine.id}`}
                  entry={entry}
                  enabled={own.includes(entry)}
                  onRestore={() => restore(entry)}
                  onPurge={() => setPurging([entry])}
                />
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
      {purging && <PurgeDialog entries={purging} onClose={() => setPurging(undefined)} />}
      {renaming && <RestoreDialog entry={renaming} onClose={closeRenaming} />}
    </Stack>
  );
}

interface TrashRowProps {
  readonly entry: TrashEntry;
  readonly enabled: boolean;
  readonly onRestore: () => void;
  readonly onPurge: () => void;
}

function TrashRow({ entry: { linkId, machine, trashed }, enabled, onRestore, onPurge }: TrashRowProps) {
  const { t, language } = useText();
  const link = useLink(linkId);
  const job = useMachineJob({ linkId, machineId: machine.id });
  const name = trashed.name;
  return (
    <Table.Tr data-trashed={name}>
      <Table.Td fw={600}>{name}</Table.Td>
      <Table.Td>{link?.name}</Table.Td>
      <Table.Td>
        {t('trash:size', {
          vcpus: machine.vcpus.current,
          memory: formatBytes(machine.memory.currentBytes, language),
        })}
      </Table.Td>
      <Table.Td>
        <RelativeTime at={trashed.at} /> · {trashed.by}
      </Table.Td>
      <Table.Td>{job ? t('trash:purging') : <RelativeTime at={trashed.purgeAt} />}</Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            disabled={!enabled || job !== undefined}
            aria-label={t('trash:restoreOf', { name })}
            onClick={onRestore}
          >
            {t('trash:restore.button')}
          </Button>
          <Button
            size="xs"
            variant="default"
            {...(enabled && !job && { c: 'var(--limen-error)' })}
            disabled={!enabled || job !== undefined}
            aria-label={t('trash:purgeOf', { name })}
            onClick={onPurge}
          >
            {t('trash:purge.button')}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
