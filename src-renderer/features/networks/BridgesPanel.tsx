import type { HostBridge, HostLinkId } from '@limen/contract';
import { Panel } from '../../components/Panel.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import { useText } from '../../locales/i18n.ts';
import { useAllLinks } from '../../stores/links.ts';

export interface BridgeEntry {
  readonly linkId: HostLinkId;
  readonly bridge: HostBridge;
}

/** Bridges of the hosts, which machines can be plugged into without a network of libvirt's. */
export function BridgesPanel({ entries }: { readonly entries: readonly BridgeEntry[] }) {
  const { t } = useText();
  const links = useAllLinks();
  return (
    <Panel title={t('networks:bridges.title')} aside={t('networks:bridges.about')}>
      <PlainTable
        label={t('networks:bridges.title')}
        head={[
          t('networks:column.name'),
          t('networks:column.host'),
          t('networks:column.state'),
          t('networks:bridges.members'),
          t('networks:column.machines'),
        ]}
        rows={entries.map(({ linkId, bridge: { name, up, members, users } }) => ({
          key: `${linkId}/${name}`,
          cells: [
            name,
            links.find(({ id }) => id === linkId)?.name,
            t(up ? 'networks:bridges.up' : 'networks:bridges.down'),
            members.join(', ') || t('common:gap'),
            [...new Set(users.map((user) => user.name))].join(', ') || t('common:gap'),
          ],
        }))}
      />
    </Panel>
  );
}
