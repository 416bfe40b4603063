import type { HostLinkId, StoragePool } from '@limen/contract';
import { Anchor, Badge, Group, Stack, Table, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ListTable } from '../../components/ListTable.tsx';
import { Meter } from '../../components/Meter.tsx';
import { Sparkline } from '../../components/Sparkline.tsx';
import { formatBytes, formatBytesOf, formatNumber, formatPercent } from '../../lib/format.ts';
import { formatRoute } from '../../lib/route.ts';
import { useText } from '../../locales/i18n.ts';
import { PoolMenu } from './PoolMenu.tsx';
import { PoolStateBadge } from './PoolStateBadge.tsx';
import { usePoolHistory } from './use-pool-history.ts';
import { isOvercommitted, poolTypeName } from './words.ts';

const columns = ['name', 'type', 'state', 'used', 'promised', 'trend', 'volumes'] as const;

export interface PoolTableProps {
  readonly linkId: HostLinkId;
  readonly pools: readonly StoragePool[];
  /** What is shown is the present. */
  readonly live: boolean;
}

/** Every pool of a host: how full it is, what it has promised, and how that grew. */
export function PoolTable({ linkId, pools, live }: PoolTableProps) {
  const { t } = useText();
  return (
    <ListTable
      label={t('storage:title')}
      head={columns.map((column) => t(`storage:column.${column}`))}
      actions={t('storage:actions')}
      minWidth={920}
    >
      {pools.map((pool) => (
        <PoolRow key={pool.id} linkId={linkId} pool={pool} live={live} />
      ))}
    </ListTable>
  );
}

interface PoolRowProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly live: boolean;
}

function PoolRow({ linkId, pool, live }: PoolRowProps) {
  const { t, language } = useText();
  const history = usePoolHistory(linkId, pool.id, 30);
  const runs = pool.state !== 'inactive';
  const place = pool.source ?? pool.path;
  return (
    <Table.Tr data-pool={pool.name} {...(!live && { c: 'var(--limen-quiet)' })}>
      <Table.Td maw={260}>
        <Anchor
          href={formatRoute({ page: 'pool', linkId, poolId: pool.id })}
          fz="inherit"
          fw={600}
          c="inherit"
          underline="hover"
        >
          {pool.name}
        </Anchor>
        {place !== null && (
          <Text size="xs" c="var(--limen-quiet)" truncate title={place}>
            {place}
          </Text>
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{poolTypeName(pool.type, t)}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <PoolStateBadge state={pool.state} />
      </Table.Td>
      <Table.Td w={180}>{runs ? <Used pool={pool} /> : t('common:gap')}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {pool.promisedBytes === null ? (
          t('common:gap')
        ) : (
          <Group gap={6} wrap="nowrap">
            {formatBytes(pool.promisedBytes, language)}
            {isOvercommitted(pool) && (
              <Tooltip label={t('storage:overcommittedAbout')}>
                <Badge
                  size="sm"
                  variant="light"
                  color="orange"
                  tt="none"
                  leftSection={<IconAlertTriangle size={12} aria-hidden />}
                >
                  {formatPercent((pool.promisedBytes / Math.max(pool.capacityBytes, 1)) * 100, language)}
                </Badge>
              </Tooltip>
            )}
          </Group>
        )}
      </Table.Td>
      <Table.Td>
        {history.length > 1 ? (
          <Sparkline
            values={history.map(({ allocatedBytes }) => allocatedBytes)}
            maximum={Math.max(...history.map(({ capacityBytes }) => capacityBytes), 1)}
            width={80}
          />
        ) : (
          t('common:gap')
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {pool.volumeCount === null ? (
          t('common:gap')
        ) : (
          <>
            {formatNumber(pool.volumeCount, language)}
            {pool.orphanCount !== null && pool.orphanCount > 0 && (
              <Text span fz="xs" c="var(--limen-quiet)">
                {' · '}
                {t('storage:orphans', { count: pool.orphanCount })}
              </Text>
            )}
          </>
        )}
      </Table.Td>
      <Table.Td>
        <PoolMenu linkId={linkId} pool={pool} live={live} />
      </Table.Td>
    </Table.Tr>
  );
}

function Used({ pool }: { readonly pool: StoragePool }) {
  const { t, language } = useText();
  const percent = (pool.allocatedBytes / Math.max(pool.capacityBytes, 1)) * 100;
  const text = formatBytesOf(pool.allocatedBytes, pool.capacityBytes, language);
  return (
    <Stack gap={3}>
      <Text fz="inherit">{text}</Text>
      <Meter label={t('storage:usedOf', { name: pool.name, text })} percent={percent} />
    </Stack>
  );
}
