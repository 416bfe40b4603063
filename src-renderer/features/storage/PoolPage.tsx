import type { HostLinkId, PoolId, StoragePool, StorageVolume } from '@limen/contract';
import {
  Anchor,
  Button,
  Group,
  ScrollArea,
  SegmentedControl,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
} from '@mantine/core';
import { IconArrowLeft, IconDatabase, IconDatabaseOff, IconPlus, IconUpload } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { UploadItem } from '../../actions/UploadItem.tsx';
import { copyText } from '../../api/clipboard.ts';
import { AsOf } from '../../components/AsOf.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Panel } from '../../components/Panel.tsx';
import { formatNumber } from '../../lib/format.ts';
import { formatRoute } from '../../lib/route.ts';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useFreshness } from '../../stores/freshness.ts';
import { useLink } from '../../stores/links.ts';
import { usePoolVolumes } from '../../stores/storage.ts';
import { useHostUploads } from '../../stores/uploads.ts';
import { UploadVolumeDialog } from './UploadVolumeDialog.tsx';
import { NewVolumeDialog } from './NewVolumeDialog.tsx';
import { PoolMenu } from './PoolMenu.tsx';
import { PoolRoom, PoolTrend } from './PoolPanels.tsx';
import { PoolStateBadge } from './PoolStateBadge.tsx';
import { VolumeTable } from './VolumeTable.tsx';

export interface PoolPageProps {
  readonly linkId: HostLinkId;
  readonly poolId: PoolId;
}

/** One pool: how much room it has, how that changed, and every volume with who needs it. */
export function PoolPage({ linkId, poolId }: PoolPageProps) {
  const { t } = useText();
  const link = useLink(linkId);
  const { pool, volumes, error } = usePoolVolumes(linkId, poolId);
  const freshness = useFreshness(linkId);
  useDocumentTitle(pool?.name ?? t('storage:title'));
  if (error?.code === 'NOT_FOUND') {
    return (
      <EmptyState
        icon={IconDatabaseOff}
        title={t('storage:gone.title')}
        body={t('storage:gone.body')}
        action={{ label: t('storage:gone.action'), onClick: () => navigate({ page: 'storage', linkId }) }}
      />
    );
  }
  return (
    <ScrollArea h="100%" type="auto">
      <Stack gap="md" p="md">
        <div>
          <Anchor href={formatRoute({ page: 'storage', linkId })} size="sm">
            <Group gap={4} wrap="nowrap" component="span">
              <IconArrowLeft size={14} aria-hidden />
              {t('storage:back', { host: link?.name ?? '' })}
            </Group>
          </Anchor>
        </div>
        {error && <ErrorCallout error={error} copy={copyText} />}
        {pool !== undefined && volumes !== undefined && (
          <Pool linkId={linkId} pool={pool} volumes={volumes} live={freshness.kind === 'live' && !error}>
            {freshness.kind === 'stale' && (
              <Text size="sm" c="var(--limen-quiet)">
                <AsOf at={freshness.asOf} />
              </Text>
            )}
          </Pool>
        )}
        {pool === undefined && !error && <Skeleton h={240} aria-label={t('storage:reading')} role="status" />}
      </Stack>
    </ScrollArea>
  );
}

interface PoolProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly volumes: readonly StorageVolume[];
  readonly live: boolean;
  readonly children: ReactNode;
}

function Pool({ linkId, pool, volumes, live, children }: PoolProps) {
  const { t, language } = useText();
  const [adding, setAdding] = useState<'new' | 'upload'>();
  const uploads = useHostUploads(linkId).filter(({ poolId }) => poolId === pool.id);
  const [filter, setFilter] = useState<'all' | 'orphans'>('all');
  const orphans = volumes.filter(({ orphan }) => orphan);
  const shown = filter === 'orphans' ? orphans : volumes;
  const target = { linkId, pool, onClose: () => setAdding(undefined) };
  const mayAdd = live && pool.state === 'running' && !pool.own;
  return (
    <>
      <PageHead title={pool.name}>
        <Group gap="sm" wrap="nowrap">
          {children}
          <Text size="sm" component="div" {...(!live && { c: 'var(--limen-quiet)' })}>
            <PoolStateBadge state={pool.state} />
          </Text>
          <PoolMenu linkId={linkId} pool={pool} live={live} />
          <Button
            variant="default"
            leftSection={<IconUpload size={16} aria-hidden />}
            disabled={!mayAdd}
            onClick={() => setAdding('upload')}
          >
            {t('storage:upload.button')}
          </Button>
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={!mayAdd}
            {...(pool.own && { title: t('storage:ownNoVolumes') })}
            onClick={() => setAdding('new')}
          >
            {t('storage:newVolume.button')}
          </Button>
        </Group>
      </PageHead>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <PoolRoom pool={pool} />
        <PoolTrend linkId={linkId} pool={pool} />
      </SimpleGrid>
      {uploads.length > 0 && (
        <Panel title={t('storage:upload.panel')}>
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
            {uploads.map((upload) => (
              <UploadItem key={upload.id} upload={upload} />
            ))}
          </Stack>
        </Panel>
      )}
      {pool.state === 'inactive' ? (
        <EmptyState icon={IconDatabaseOff} title={t('storage:off.title')} body={t('storage:off.body')} />
      ) : (
        <>
          {volumes.length > 0 && (
            <Group justify="space-between">
              <SegmentedControl
                size="xs"
                aria-label={t('storage:filter.label')}
                value={filter}
                onChange={(value) => setFilter(value === 'orphans' ? 'orphans' : 'all')}
                data={[
                  {
                    value: 'all',
                    label: t('storage:filter.all', { shown: formatNumber(volumes.length, language) }),
                  },
                  {
                    value: 'orphans',
                    label: t('storage:filter.orphans', { shown: formatNumber(orphans.length, language) }),
                  },
                ]}
              />
              {filter === 'orphans' && (
                <Text size="xs" c="var(--limen-quiet)">
                  {t(pool.shared ? 'storage:sharedWarning' : 'storage:orphansAbout')}
                </Text>
              )}
            </Group>
          )}
          {shown.length > 0 && <VolumeTable linkId={linkId} pool={pool} volumes={shown} live={live} />}
          {volumes.length === 0 && (
            <EmptyState
              icon={IconDatabase}
              title={t('storage:empty.title')}
              body={t(pool.own ? 'storage:empty.own' : 'storage:empty.body')}
              {...(mayAdd && {
                action: { label: t('storage:newVolume.button'), onClick: () => setAdding('new') },
              })}
            />
          )}
          {volumes.length > 0 && shown.length === 0 && (
            <EmptyState
              icon={IconDatabase}
              title={t('storage:noOrphans.title')}
              body={t('storage:noOrphans.body')}
            />
          )}
        </>
      )}
      {adding === 'new' && <NewVolumeDialog {...target} />}
      {adding === 'upload' && <UploadVolumeDialog {...target} />}
    </>
  );
}
