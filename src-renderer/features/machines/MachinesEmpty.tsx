import { IconFilterOff, IconPlugConnectedX, IconServer2, IconServerBolt } from '@tabler/icons-react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useInventory } from '../../stores/inventory.ts';
import { useAllLinks, useLinks } from '../../stores/links.ts';
import { setFilter } from '../../stores/machine-view.ts';
import { openAddHost } from '../../stores/overlays.ts';

/** Why there is nothing in the list, and what to do about it. */
export function MachinesEmpty({ total }: { readonly total: number }) {
  const { t, language } = useText();
  const known = useLinks((state) => state.links !== undefined);
  const links = useAllLinks();
  const answered = useInventory((state) => state.hosts.size > 0);
  const [first] = links;
  if (!known) return null;
  if (!first) {
    return (
      <EmptyState
        icon={IconServerBolt}
        title={t('machines:empty.noHosts.title')}
        body={t('machines:empty.noHosts.body')}
        action={{ label: t('machines:empty.noHosts.action'), onClick: openAddHost }}
      />
    );
  }
  if (total > 0) {
    return (
      <EmptyState
        icon={IconFilterOff}
        title={t('machines:empty.filtered.title')}
        body={t('machines:empty.filtered.body', { total: total.toLocaleString(language) })}
        action={{ label: t('machines:empty.filtered.action'), onClick: () => setFilter('') }}
      />
    );
  }
  if (answered && links.some((link) => link.capabilities.includes('machines.create'))) {
    return (
      <EmptyState
        icon={IconServer2}
        title={t('machines:empty.first.title')}
        body={t('machines:empty.first.body')}
        action={{
          label: t('machines:empty.first.action'),
          onClick: () => navigate({ page: 'new-machine' }),
        }}
      />
    );
  }
  const kind = answered ? 'none' : 'waiting';
  const host = links.find((link) => link.state !== 'live') ?? first;
  return (
    <EmptyState
      icon={answered ? IconServer2 : IconPlugConnectedX}
      title={t(`machines:empty.${kind}.title`)}
      body={t(`machines:empty.${kind}.body`)}
      action={{
        label: t(`machines:empty.${kind}.action`, { host: host.name }),
        onClick: () => navigate({ page: 'host', linkId: host.id }),
      }}
    />
  );
}
