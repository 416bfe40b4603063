import { isAllowed } from '@limen/contract';
import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { IconTrash, IconTrashX } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ListTable } from '../../components/ListTable.tsx';
import { PageHead } from '../../components/PageHead.tsx';
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

const columns = ['name', 'host', 'size', 'deleted', 'purge'] as const;

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
      <PageHead
        title={
          entries.length === 0
            ? t('trash:title')
            : t('trash:titleWithCount', { shown: formatNumber(entries.length, language) })
        }
      >
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
      </PageHead>
      {entries.length === 0 ? (
        <EmptyState icon={IconTrash} title={t('trash:nothing.title')} body={t('trash:nothing.body')} />
      ) : (
        <>
          <Text size="sm" c="var(--limen-quiet)">
            {t('trash:about')}
          </Text>
          <ListTable
            label={t('trash:title')}
            head={columns.map((column) => t(`trash:column.${column}`))}
            actions={t('trash:actions')}
            minWidth={760}
          >
            {entries.map((entry) => (
              <TrashRow
                key={`${entry.linkId}/${entry.machine.id}`}
                entry={entry}
                enabled={own.includes(entry)}
                onRestore={() => restore(entry)}
                onPurge={() => setPurging([entry])}
              />
            ))}
          </ListTable>
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
