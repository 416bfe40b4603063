import { Anchor, Table, Text } from '@mantine/core';
import { AsOf } from '../../components/AsOf.tsx';
import { ListTable } from '../../components/ListTable.tsx';
import { formatRoute } from '../../lib/route.ts';
import { useText } from '../../locales/i18n.ts';
import { useFreshness } from '../../stores/freshness.ts';
import { useLink } from '../../stores/links.ts';
import type { NetworkEntry } from '../../stores/networks.ts';
import { NetworkMenu } from './NetworkMenu.tsx';
import { NetworkState } from './NetworkState.tsx';
import { kindText, rangesOf, subnetsOf } from './words.ts';

const columns = ['name', 'state', 'kind', 'host', 'subnet', 'dhcp', 'autostart', 'machines'] as const;

/** Every network with what it is, what it gives out, and who is plugged in. */
export function NetworkTable({ entries }: { readonly entries: readonly NetworkEntry[] }) {
  const { t } = useText();
  return (
    <ListTable
      label={t('networks:title')}
      head={columns.map((column) => t(`networks:column.${column}`))}
      actions={t('networks:actions')}
      minWidth={960}
    >
      {entries.map((entry) => (
        <NetworkRow key={`${entry.linkId}/${entry.network.id}`} {...entry} />
      ))}
    </ListTable>
  );
}

function NetworkRow({ linkId, network }: NetworkEntry) {
  const { t } = useText();
  const link = useLink(linkId);
  const freshness = useFreshness(linkId);
  const live = freshness.kind === 'live';
  const { name, users, hiddenUsers, autostart } = network;
  const settings = network.live ?? network.stored;
  const names = [...new Set(users.map((user) => user.name))];
  const machines = hiddenUsers > 0 ? [...names, t('networks:hiddenUsers', { count: hiddenUsers })] : names;
  return (
    <Table.Tr data-network={name} {...(!live && { c: 'var(--limen-quiet)' })}>
      <Table.Td maw={220}>
        <Anchor
          fz="inherit"
          c="inherit"
          fw={600}
          truncate
          display="block"
          href={formatRoute({ page: 'network', linkId, networkId: network.id })}
        >
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <NetworkState network={network} stale={!live} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{kindText(settings, t)}</Table.Td>
      <Table.Td>
        {link?.name}
        {freshness.kind === 'stale' && (
          <Text size="xs">
            <AsOf at={freshness.asOf} />
          </Text>
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Lines texts={settings.kind === 'bridge' ? [settings.bridge ?? ''] : subnetsOf(settings)} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Lines texts={rangesOf(settings)} />
      </Table.Td>
      <Table.Td>{t(autostart ? 'common:yes' : 'common:no')}</Table.Td>
      <Table.Td maw={220}>
        {machines.length === 0 ? (
          t('common:gap')
        ) : (
          <Text fz="inherit" truncate title={machines.join(', ')}>
            {machines.join(', ')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <NetworkMenu linkId={linkId} network={network} />
      </Table.Td>
    </Table.Tr>
  );
}

function Lines({ texts }: { readonly texts: readonly string[] }) {
  const { t } = useText();
  if (texts.length === 0) return t('common:gap');
  return texts.map((text) => <div key={text}>{text}</div>);
}
