import {
  type EditResult,
  type HostLinkId,
  LimenError,
  type Network,
  type NetworkEdit,
} from '@limen/contract';
import { useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { hostClient } from '../../api/host-client.ts';
import { notifyDone } from '../../components/notify.tsx';
import { useText } from '../../locales/i18n.ts';
import { receiveNetwork } from '../../stores/networks.ts';

export interface NetworkEditing {
  readonly busy: boolean;
  readonly error: LimenError | undefined;
  /** Make the edits on what was shown when this began; `onDone` when none was refused. */
  readonly edit: (edits: readonly NetworkEdit[], onDone: () => void) => void;
}

/**
 * Edits of a network on the definition it had when a dialog was opened, so that what somebody else changed meanwhile is
 * not overwritten unseen. Who has been told of such a change may go on from what is there now.
 */
export function useEditNetwork(linkId: HostLinkId, network: Network): NetworkEditing {
  const { t } = useText();
  const { busy, error, attempt } = useAttempt();
  const [revision, setRevision] = useState(network.revision);
  const { id: networkId } = network;
  const calls = hostClient(linkId).networks;

  const make = async (edits: readonly NetworkEdit[], onDone: () => void): Promise<void> => {
    try {
      const answer = await calls.edit({ networkId, revision, edits: [...edits] });
      receiveNetwork(linkId, answer.network);
      setRevision(answer.network.revision);
      const refused = answer.results.find((result) => result.outcome === 'refused');
      if (refused?.outcome === 'refused') throw refusal(refused);
      if (answer.results.some(({ outcome }) => outcome === 'at-next-start')) {
        notifyDone(t('networks:atNextStart', { name: network.name }));
      }
      onDone();
    } catch (failure) {
      if (isChanged(failure)) setRevision((await calls.get({ networkId })).revision);
      throw failure;
    }
  };
  return {
    busy,
    error,
    edit: (edits, onDone) => void attempt(() => make(edits, onDone)),
  };
}

function isChanged(failure: unknown): boolean {
  return LimenError.is(failure, 'CONFLICT') && failure.data.reason === 'changed';
}

function refusal({ code, detail }: Extract<EditResult, { readonly outcome: 'refused' }>): LimenError {
  if (code === 'INVALID_INPUT') {
    return new LimenError('INVALID_INPUT', { issues: [{ path: [], message: detail }] });
  }
  return new LimenError('HYPERVISOR_ERROR', { libvirtCode: 0, libvirtDomain: 0, detail });
}
