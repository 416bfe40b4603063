import type { HostLinkId, Network } from '@limen/contract';
import { Anchor, Text } from '@mantine/core';
import { Panel } from '../../components/Panel.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import { formatRoute } from '../../lib/route.ts';
import { useText } from '../../locales/i18n.ts';

export interface UsersPanelProps {
  readonly linkId: HostLinkId;
  readonly network: Network;
}

/** Machines that are plugged in, or will be. */
export function UsersPanel({ linkId, network: { users, hiddenUsers } }: UsersPanelProps) {
  const { t } = useText();
  return (
    <Panel title={t('networks:column.machines')}>
      {users.length > 0 && (
        <PlainTable
          label={t('networks:column.machines')}
          head={[t('networks:column.name'), t('networks:lease.mac'), t('networks:column.state')]}
          rows={users.map(({ machineId, name, mac, live }) => ({
            key: `${machineId}/${mac}/${live}`,
            cells: [
              <Anchor key="name" fz="inherit" href={formatRoute({ page: 'machine', linkId, machineId })}>
                {name}
              </Anchor>,
              mac,
              t(live ? 'networks:users.live' : 'networks:users.stored'),
            ],
          }))}
        />
      )}
      {hiddenUsers > 0 && (
        <Text size="sm" c="var(--limen-quiet)">
          {t('networks:hiddenUsers', { count: hiddenUsers })}
        </Text>
      )}
      {users.length + hiddenUsers === 0 && (
        <Text size="sm" c="var(--limen-quiet)">
          {t('networks:users.none')}
        </Text>
      )}
    </Panel>
  );
}
