import { type HostLinkId, isAllowed, type Network } from '@limen/contract';
import { asLimenError } from '../../api/bridge.ts';
import { hostClient } from '../../api/host-client.ts';
import { confirmDestructive } from '../../components/confirm.tsx';
import { notifyDone, notifyError } from '../../components/notify.tsx';
import { useText } from '../../locales/i18n.ts';
import { useLink } from '../../stores/links.ts';
import { receiveNetwork } from '../../stores/networks.ts';

export interface NetworkActions {
  /** The person may change networks of this host, and it can be asked now. */
  readonly mayManage: boolean;
  /** Running machines that are plugged in: it is not stopped under them. */
  readonly liveUsers: readonly string[];
  /** All machines that have it: it is not deleted under them. */
  readonly users: readonly string[];
  readonly start: () => void;
  readonly stop: () => void;
  /** Stop it, and start it with what waits for that. */
  readonly restart: () => void;
  readonly setAutostart: (autostart: boolean) => void;
  /** Asks first. Resolves to true when it is gone. */
  readonly remove: () => Promise<boolean>;
}

/** What can be done with a network as a whole. */
export function useNetworkActions(linkId: HostLinkId, network: Network): NetworkActions {
  const { t } = useText();
  const link = useLink(linkId);
  const { id: networkId, name } = network;
  const calls = () => hostClient(linkId).networks;
  const attempt = (work: () => Promise<Network>): void => {
    work().then(
      (changed) => receiveNetwork(linkId, changed),
      (error: unknown) => notifyError(t('networks:refused', { name }), asLimenError(error), t),
    );
  };
  return {
    mayManage: link?.state === 'live' && isAllowed('administrator', link.user?.role, false),
    liveUsers: namesOf(network.users.filter(({ live }) => live)),
    users: namesOf(network.users),
    start: () => attempt(() => calls().start({ networkId })),
    stop: () => attempt(() => calls().stop({ networkId })),
    restart: () =>
      attempt(async () => {
        receiveNetwork(linkId, await calls().stop({ networkId }));
        return calls().start({ networkId });
      }),
    setAutostart: (autostart) => attempt(() => calls().setAutostart({ networkId, autostart })),
    async remove() {
      const body = t(network.leases.length > 0 ? 'networks:delete.bodyLeases' : 'networks:delete.body', {
        count: network.leases.length,
      });
      const title = t('networks:delete.title', { name });
      if (!(await confirmDestructive({ title, body, confirm: t('networks:delete.confirm') }, t)))
        return false;
      try {
        await calls().delete({ networkId });
        notifyDone(t('networks:delete.done', { name }));
        return true;
      } catch (error) {
        notifyError(t('networks:delete.refused', { name }), asLimenError(error), t);
        return false;
      }
    },
  };
}

function namesOf(users: Network['users']): string[] {
  return [...new Set(users.map(({ name }) => name))];
}
