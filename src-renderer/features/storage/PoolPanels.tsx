import type { HostLinkId, StoragePool } from '@limen/contract';
import { Stack, Text } from '@mantine/core';
import { FactList } from '../../components/FactList.tsx';
import { Panel } from '../../components/Panel.tsx';
import { TrendChart } from '../../components/TrendChart.tsx';
import { UsageBar } from '../../components/UsageBar.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { usePoolHistory } from './use-pool-history.ts';
import { isOvercommitted, poolTypeName } from './words.ts';

const DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

/** What it takes, what it has promised, and where it is. */
export function PoolRoom({ pool }: { readonly pool: StoragePool }) {
  const { t, language } = useText();
  const size = (value: number) => formatBytes(value, language);
  const facts = [
    { label: t('storage:field.type'), value: poolTypeName(pool.type, t) },
    ...(pool.source === null ? [] : [{ label: t('storage:fact.source'), value: pool.source }]),
    ...(pool.path === null ? [] : [{ label: t('storage:fact.path'), value: pool.path }]),
    {
      label: t('storage:fact.autostart'),
      value: t(pool.autostart ? 'storage:fact.yes' : 'storage:fact.no'),
    },
  ];
  return (
    <Panel title={t('storage:room')}>
      <Stack gap="md">
        {pool.promisedBytes !== null && (
          <>
            <UsageBar
              label={t('storage:column.used')}
              used={pool.allocatedBytes}
              added={0}
              limit={pool.capacityBytes}
              format={size}
            />
            <UsageBar
              label={t('storage:promised')}
              used={pool.promisedBytes}
              added={0}
              limit={pool.capacityBytes}
              format={size}
            />
            {isOvercommitted(pool) && (
              <Text size="xs" c="var(--limen-quiet)">
                {t('storage:overcommittedAbout')}
              </Text>
            )}
          </>
        )}
        <FactList facts={facts} />
      </Stack>
    </Panel>
  );
}

/** How full it was over the last month. */
export function PoolTrend({ linkId, pool }: { readonly linkId: HostLinkId; readonly pool: StoragePool }) {
  const { t, language } = useText();
  const history = usePoolHistory(linkId, pool.id, DAYS);
  const times = history.map(({ at }) => Date.parse(at));
  const [first = 0] = times;
  const last = times.at(-1) ?? 0;
  return (
    <Panel title={t('storage:trend')} aside={t('storage:trendAside', { count: DAYS })}>
      {history.length < 2 ? (
        <Text size="sm" c="var(--limen-quiet)">
          {t('storage:trendEmpty')}
        </Text>
      ) : (
        <TrendChart
          title={t('storage:trend')}
          times={times}
          windowMs={Math.min(Math.max(last - first, 1), DAYS * DAY_MS)}
          maximum={Math.max(...history.map(({ capacityBytes }) => capacityBytes), 1)}
          format={(value) => formatBytes(value, language)}
          series={[
            {
              label: t('storage:column.used'),
              color: 'accent.5',
              values: history.map(({ allocatedBytes }) => allocatedBytes),
            },
          ]}
        />
      )}
    </Panel>
  );
}
