import type { HostLinkId, StoragePool, StorageVolume } from '@limen/contract';
import { Badge, Group, Table, Text, Tooltip } from '@mantine/core';
import { IconDeviceSdCard, IconFile, IconFolder } from '@tabler/icons-react';
import { ListTable } from '../../components/ListTable.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { userNames } from './words.ts';
import { VolumeMenu } from './VolumeMenu.tsx';

const columns = ['volume', 'format', 'size', 'allocated', 'usedBy', 'changed'] as const;

export interface VolumeTableProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly volumes: readonly StorageVolume[];
  readonly live: boolean;
}

/** Every volume with what it is, how big, and who needs it. */
export function VolumeTable({ linkId, pool, volumes, live }: VolumeTableProps) {
  const { t } = useText();
  return (
    <ListTable
      label={t('storage:volumes')}
      head={columns.map((column) => t(`storage:column.${column}`))}
      actions={t('storage:actions')}
      minWidth={860}
    >
      {volumes.map((volume) => (
        <VolumeRow key={volume.name} linkId={linkId} pool={pool} volume={volume} live={live} />
      ))}
    </ListTable>
  );
}

interface VolumeRowProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly volume: StorageVolume;
  readonly live: boolean;
}

function VolumeRow({ linkId, pool, volume, live }: VolumeRowProps) {
  const { t, language } = useText();
  const names = userNames(volume, t);
  const Icon = volume.type === 'dir' ? IconFolder : volume.type === 'block' ? IconDeviceSdCard : IconFile;
  return (
    <Table.Tr data-volume={volume.name} {...(!live && { c: 'var(--limen-quiet)' })}>
      <Table.Td maw={300}>
        <Group gap={6} wrap="nowrap">
          <Icon size={16} aria-hidden color="var(--limen-quiet)" style={{ flexShrink: 0 }} />
          <Text fz="inherit" fw={600} truncate title={`${volume.name}\n${volume.path ?? ''}`}>
            {volume.name}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {volume.format ?? t('common:gap')}
        {volume.backingPath !== null && (
          <Tooltip label={t('storage:linkedTo', { path: volume.backingPath })}>
            <Text span fz="xs" c="var(--limen-quiet)">
              {' · '}
              {t('storage:linked')}
            </Text>
          </Tooltip>
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatBytes(volume.capacityBytes, language)}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatBytes(volume.allocatedBytes, language)}</Table.Td>
      <Table.Td maw={260}>
        {volume.orphan ? (
          <Tooltip label={t(pool.shared ? 'storage:orphanSharedAbout' : 'storage:orphanAbout')}>
            <Badge size="sm" variant="default" tt="none">
              {t('storage:orphan')}
            </Badge>
          </Tooltip>
        ) : (
          <Text fz="inherit" truncate title={names}>
            {names === '' ? t('common:gap') : names}
          </Text>
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {volume.modifiedAt === null ? t('common:gap') : <RelativeTime at={volume.modifiedAt} />}
      </Table.Td>
      <Table.Td>
        <VolumeMenu linkId={linkId} pool={pool} volume={volume} live={live} />
      </Table.Td>
    </Table.Tr>
  );
}
