import {
  type EditResult,
  type Hardware,
  type HardwareEdit,
  type HardwareSet,
  isAllowed,
  LimenError,
  type Machine,
} from '@limen/contract';
import { useState } from 'react';
import { asLimenError } from '../../api/bridge.ts';
import { hostClient } from '../../api/host-client.ts';
import { useText } from '../../locales/i18n.ts';
import { useIsHostLive } from '../../stores/freshness.ts';
import { receiveHardware } from '../../stores/hardware.ts';
import { useImages } from '../../stores/images.ts';
import { useLink } from '../../stores/links.ts';
import { type MachineRef, machineKey } from '../../stores/machine-key.ts';
import { changeDraft, forgetWork, saveWork, useWork } from './draft-store.ts';
import { type Device, findDisk, isDrive, listDevices } from './model/devices.ts';
import { type Difference, differences } from './model/differences.ts';
import { type Draft, dropEdit, emptyDraft, orderedEdits, putEdit, putLiveEdit } from './model/draft.ts';
import { deviceName, editDeviceId, editText, type Speech } from './model/words.ts';

export type When = 'now' | 'next-start';

/** Why nothing can be changed here. */
export type ReadOnlyReason = 'away' | 'role' | 'trash' | 'transient';

/** What became of one change, in the words it was announced with. */
export interface Outcome {
  readonly key: string;
  readonly device: string;
  readonly text: string;
  readonly result: EditResult;
}

/** Everything the tab's parts need: what there is, what is wished for, and how wishes are made and sent. */
export interface HardwareModel {
  readonly target: MachineRef;
  readonly machine: Machine;
  readonly hardware: Hardware;
  readonly stored: HardwareSet;
  readonly live: HardwareSet | null;
  readonly devices: readonly Device[];
  readonly draft: Draft;
  readonly speech: Speech;
  readonly administers: boolean;
  readonly readOnly: ReadOnlyReason | null;
  /** Forms take changes: allowed, and nothing is being sent. */
  readonly editable: boolean;
  readonly put: (edit: HardwareEdit) => void;
  /** Have the running machine follow what is stored already. */
  readonly putLive: (edit: HardwareEdit) => void;
  readonly drop: (key: string) => void;
  readonly revert: () => void;
  /** What somebody else changed since the draft was begun; null while nobody did. */
  readonly changedMeanwhile: readonly Difference[] | null;
  /** Keep the draft on top of what is there now. */
  readonly rebase: () => void;
  readonly apply: (when: When) => Promise<void>;
  readonly busy: When | null;
  readonly error: LimenError | undefined;
  readonly outcomes: readonly Outcome[];
  readonly dismissOutcomes: () => void;
}

const nothing: readonly Outcome[] = [];

export function useHardwareModel(target: MachineRef, machine: Machine, hardware: Hardware): HardwareModel {
  const { linkId, machineId } = target;
  const key = machineKey(linkId, machineId);
  const link = useLink(linkId);
  const work = useWork(key);
  const speech = useSpeech(target, hardware);
  const readOnly = useReadOnly(target, machine);
  const [busy, setBusy] = useState<When | null>(null);
  const [error, setError] = useState<LimenError>();
  const [outcomes, setOutcomes] = useState(nothing);
  const draft = work?.draft ?? emptyDraft;
  const { stored, live } = hardware;

  const change = (next: (draft: Draft) => Draft) => {
    setOutcomes(nothing);
    setError(undefined);
    changeDraft(key, hardware, next);
  };

  const apply = async (when: When) => {
    if (!work) return;
    const sent = orderedEdits(work.draft);
    const announced = sent.map(({ key: editId, edit }) => ({
      key: editId,
      device: deviceName(editDeviceId(editId, edit), speech),
      text: editText(edit, hardware, speech),
    }));
    setBusy(when);
    setError(undefined);
    setOutcomes(nothing);
    const client = hostClient(linkId).hardware;
    try {
      const answer = await client.edit({
        machineId,
        revision: work.base.revision,
        edits: sent.map(({ edit }) => edit),
        when,
      });
      const done = announced.flatMap((words, index) => {
        const result = answer.results[index];
        return result ? [{ ...words, result }] : [];
      });
      const kept = new Map(work.draft);
      for (const { key: editId, result } of done) if (result.outcome !== 'refused') kept.delete(editId);
      receiveHardware(target, answer.hardware);
      saveWork(key, { draft: kept, base: answer.hardware });
      setOutcomes(done);
    } catch (failure) {
      const refusal = asLimenError(failure);
      // The stream may be a moment behind; what changed is to be shown together with the refusal.
      if (isChanged(refusal))
        await client.get({ machineId }).then(
          (now) => receiveHardware(target, now),
          () => {},
        );
      else setError(refusal);
    } finally {
      setBusy(null);
    }
  };

  const isChangedMeanwhile = work !== undefined && busy === null && work.base.revision !== hardware.revision;
  return {
    target,
    machine,
    hardware,
    stored,
    live,
    devices: listDevices(hardware, draft),
    draft,
    speech,
    administers: link?.user?.role === 'administrator',
    readOnly,
    editable: readOnly === null && busy === null,
    put: (edit) => change((before) => putEdit(before, edit, stored)),
    putLive: (edit) => change((before) => putLiveEdit(before, edit)),
    drop: (editId) => change((before) => dropEdit(before, editId)),
    revert: () => {
      setOutcomes(nothing);
      setError(undefined);
      forgetWork(key);
    },
    changedMeanwhile: isChangedMeanwhile ? differences(work.base.stored, stored) : null,
    rebase: () => work && saveWork(key, { draft: work.draft, base: hardware }),
    apply,
    busy,
    error,
    outcomes,
    dismissOutcomes: () => setOutcomes(nothing),
  };
}

function isChanged(error: LimenError): boolean {
  return LimenError.is(error, 'CONFLICT') && error.data.reason === 'changed';
}

function useSpeech({ linkId }: MachineRef, { stored, live }: Hardware): Speech {
  const { t, language } = useText();
  const images = useImages((state) => state.hosts.get(linkId));
  return {
    t,
    language,
    imageName: (id) => images?.get(id)?.name,
    isDrive: (target) => {
      const disk = findDisk(stored, target) ?? findDisk(live, target);
      return disk !== undefined && isDrive(disk);
    },
  };
}

function useReadOnly({ linkId }: MachineRef, machine: Machine): ReadOnlyReason | null {
  const link = useLink(linkId);
  const isLive = useIsHostLive(linkId);
  const owns = !!link?.user && machine.owner?.id === link.user.id;
  if (!isAllowed('machine:manage', link?.user?.role, owns)) return 'role';
  if (machine.trashed) return 'trash';
  if (!machine.persistent) return 'transient';
  return isLive ? null : 'away';
}
