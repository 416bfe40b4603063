import type { HostLink, HostLinkId } from '@limen/contract';
import { Button, Group, Select, Skeleton, Stack, Text } from '@mantine/core';
import {
  IconDatabase,
  IconDatabaseOff,
  IconLock,
  IconPlus,
  IconServerBolt,
  IconServerOff,
} from '@tabler/icons-react';
import { useState } from 'react';
import { copyText } from '../../api/clipboard.ts';
import { AsOf } from '../../components/AsOf.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useFreshness } from '../../stores/freshness.ts';
import { useAllLinks } from '../../stores/links.ts';
import { openAddHost } from '../../stores/overlays.ts';
import { usePools } from '../../stores/storage.ts';
import { NewPoolDialog } from './NewPoolDialog.tsx';
import { PoolTable } from './PoolTable.tsx';

/** The storage pools of one host; which, the route or the choice at the top says. */
export function StoragePage({ linkId }: { readonly linkId: HostLinkId | undefined }) {
  const { t } = useText();
  const links = useAllLinks();
  const chosen = links.find(({ id }) => id === linkId) ?? links.find(maySeeStorage) ?? links[0];
  useDocumentTitle(t('storage:title'));
  if (chosen === undefined) {
    return (
      <Stack gap="sm" h="100%" p="md">
        <PageHead title={t('storage:title')} />
        <EmptyState
          icon={IconServerBolt}
          title={t('storage:noHosts.title')}
          body={t('storage:noHosts.body')}
          action={{ label: t('storage:noHosts.action'), onClick: openAddHost }}
        />
      </Stack>
    );
  }
  return <HostStorage key={chosen.id} link={chosen} links={links} />;
}

function maySeeStorage({ state, capabilities, user }: HostLink): boolean {
  return state === 'live' && capabilities.includes('storage') && user?.role === 'administrator';
}

interface HostStorageProps {
  readonly link: HostLink;
  readonly links: readonly HostLink[];
}

function HostStorage({ link, links }: HostStorageProps) {
  const { t } = useText();
  const { pools, error } = usePools(link.id);
  const freshness = useFreshness(link.id);
  const [adding, setAdding] = useState(false);
  const live = freshness.kind === 'live' && error === undefined;
  const add = (): void => setAdding(true);
  return (
    <Stack gap="sm" h="100%" p="md">
      <PageHead title={t('storage:title')}>
        <Group gap="sm" wrap="nowrap">
          {freshness.kind === 'stale' && pools !== undefined && (
            <Text size="sm" c="var(--limen-quiet)">
              <AsOf at={freshness.asOf} />
            </Text>
          )}
          {links.length > 1 && (
            <Select
              aria-label={t('storage:field.host')}
              data={links.map(({ id, name }) => ({ value: id, label: name }))}
              value={link.id}
              onChange={(id) => {
                const next = links.find((one) => one.id === id);
                if (next !== undefined) navigate({ page: 'storage', linkId: next.id });
              }}
              allowDeselect={false}
              w={180}
            />
          )}
          {maySeeStorage(link) && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} disabled={!live} onClick={add}>
              {t('storage:pool.button')}
            </Button>
          )}
        </Group>
      </PageHead>
      {error && pools === undefined && <ErrorCallout error={error} copy={copyText} />}
      {pools !== undefined && pools.length > 0 && <PoolTable linkId={link.id} pools={pools} live={live} />}
      {pools?.length === 0 && (
        <EmptyState
          icon={IconDatabase}
          title={t('storage:none.title')}
          body={t('storage:none.body')}
          {...(live && { action: { label: t('storage:pool.button'), onClick: add } })}
        />
      )}
      {pools === undefined && error === undefined && <Waiting link={link} />}
      {adding && <NewPoolDialog linkId={link.id} onClose={() => setAdding(false)} />}
    </Stack>
  );
}

/** Why there is nothing to see yet, or at all. */
function Waiting({ link }: { readonly link: HostLink }) {
  const { t } = useText();
  const host = link.name;
  if (link.state !== 'live') {
    return (
      <EmptyState
        icon={IconServerOff}
        title={t('storage:away.title', { host })}
        body={t('storage:away.body')}
        action={{
          label: t('storage:away.action'),
          onClick: () => navigate({ page: 'host', linkId: link.id }),
        }}
      />
    );
  }
  if (!link.capabilities.includes('storage')) {
    return (
      <EmptyState
        icon={IconDatabaseOff}
        title={t('storage:old.title', { host })}
        body={t('storage:old.body')}
      />
    );
  }
  if (link.user?.role !== 'administrator') {
    return (
      <EmptyState
        icon={IconLock}
        title={t('storage:forbidden.title', { host })}
        body={t('storage:forbidden.body')}
      />
    );
  }
  return <Skeleton h={240} aria-label={t('storage:reading')} role="status" />;
}
