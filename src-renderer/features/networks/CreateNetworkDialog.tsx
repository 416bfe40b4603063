import { type HostLink, type HostLinkId, networkKind, type NetworksSnapshot } from '@limen/contract';
import { Modal, Select, Skeleton, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import { useNetworks } from '../../stores/networks.ts';
import { AddressFields } from './AddressFields.tsx';
import { DomainFields } from './DomainFields.tsx';
import { KindFields } from './KindFields.tsx';
import { checkDraft, emptyDraft, type NetworkDraft, propose } from './network-form.ts';

export interface CreateNetworkDialogProps {
  /** At least one, on all of which the person may make networks. */
  readonly links: readonly HostLink[];
  readonly onClose: () => void;
}

/** A new network, checked at each key against what its host has. */
export function CreateNetworkDialog({ links, onClose }: CreateNetworkDialogProps) {
  const { t } = useText();
  const [linkId, setLinkId] = useState<HostLinkId | undefined>(links[0]?.id);
  return (
    <Modal opened onClose={onClose} size="lg" title={t('networks:create.title')}>
      <Stack>
        {links.length > 1 && (
          <Select
            label={t('networks:column.host')}
            data={links.map((link) => ({ value: link.id, label: link.name }))}
            value={linkId ?? null}
            onChange={(id) => setLinkId(links.find((link) => link.id === id)?.id)}
            allowDeselect={false}
          />
        )}
        {linkId !== undefined && <OnHost key={linkId} linkId={linkId} onClose={onClose} />}
      </Stack>
    </Modal>
  );
}

interface OnHostProps {
  readonly linkId: HostLinkId;
  readonly onClose: () => void;
}

function OnHost({ linkId, onClose }: OnHostProps) {
  const { snapshot } = useNetworks(linkId);
  return snapshot === undefined ? (
    <Skeleton h={320} />
  ) : (
    <CreateForm linkId={linkId} snapshot={snapshot} onClose={onClose} />
  );
}

function CreateForm({ linkId, snapshot, onClose }: OnHostProps & { readonly snapshot: NetworksSnapshot }) {
  const { t } = useText();
  const { taken, devices } = snapshot.surroundings;
  const [draft, setDraft] = useState(() => emptyDraft(taken));
  // Nobody is told off for what they have not come to yet.
  const [asked, setAsked] = useState(false);
  const { busy, error, attempt } = useAttempt();
  const { wish, problems } = checkDraft(draft, snapshot, t);
  const change = (part: Partial<NetworkDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const hideName = draft.name === '' && !asked;
  const hideBridge = draft.kind === 'bridge' && draft.bridge === '' && !asked;
  const shown = new Map(
    [...problems].filter(([path]) => !(path === 'name' && hideName) && !(path === 'bridge' && hideBridge)),
  );

  const submit = (): void => {
    setAsked(true);
    if (wish === null) return;
    void attempt(async () => {
      const job = await hostClient(linkId).networks.create(wish);
      followJobs({ linkId, jobIds: [job.id], kind: job.kind, name: job.subject.name });
      onClose();
    });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <TextInput
          label={t('networks:column.name')}
          data-autofocus
          spellCheck={false}
          value={draft.name}
          error={shown.get('name')}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <KindFields
          kinds={networkKind.options}
          draft={draft}
          onChange={(part) => change(part.kind === undefined ? part : { ...part, bridge: '' })}
          devices={devices}
          bridges={snapshot.bridges.map(({ name }) => name)}
          problems={shown}
        />
        {draft.kind !== 'bridge' && (
          <>
            {(['ipv4', 'ipv6'] as const).map((family) => (
              <AddressFields
                key={family}
                family={family}
                value={draft[family]}
                onChange={(value) => change({ [family]: value })}
                propose={() => propose(family, taken)}
                problems={shown}
              />
            ))}
            <DomainFields draft={draft} onChange={change} problems={shown} />
          </>
        )}
        <Switch
          label={t('networks:autostart.field')}
          checked={draft.autostart}
          onChange={(event) => change({ autostart: event.currentTarget.checked })}
        />
        {error && <ErrorCallout error={error} copy={copyText} />}
        <DialogActions
          busy={busy}
          disabled={asked && wish === null}
          submit={t('networks:create.submit')}
          onCancel={onClose}
        />
      </Stack>
    </form>
  );
}
