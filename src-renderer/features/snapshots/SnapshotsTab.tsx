import type { Machine, SnapshotTree } from '@limen/contract';
import { Center, Loader, ScrollArea, Stack, Tabs } from '@mantine/core';
import { IconCamera, IconCameraOff } from '@tabler/icons-react';
import { useState } from 'react';
import { copyText } from '../../api/clipboard.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { useMachine } from '../../stores/inventory.ts';
import { useLink } from '../../stores/links.ts';
import { type MachineRef, machineKey } from '../../stores/machine-key.ts';
import { useSnapshots } from '../../stores/snapshots.ts';
import { JobNotice } from './JobNotice.tsx';
import { NOW, tabValue, treeRows } from './model/tree.ts';
import { whyNone } from './model/ways.ts';
import { NowDetails } from './NowDetails.tsx';
import { Reasons } from './Reasons.tsx';
import { SnapshotDetails } from './SnapshotDetails.tsx';
import { SnapshotList } from './SnapshotList.tsx';
import classes from './snapshots.module.css';
import { TakeDialog } from './TakeDialog.tsx';
import { type SnapshotsModel, useSnapshotsModel } from './use-snapshots-model.ts';

/** Moments of a machine to go back to; put into the machine's page from outside. */
export function SnapshotsTab({ target }: { readonly target: MachineRef }) {
  const { t } = useText();
  const machine = useMachine(target);
  const { value: tree, error } = useSnapshots(target);
  const isLive = useLink(target.linkId)?.state === 'live';
  if (!machine) return null;
  if (tree) {
    return <Snapshots key={machineKey(target.linkId, target.machineId)} {...{ target, machine, tree }} />;
  }
  if (!isLive) {
    return (
      <EmptyState icon={IconCameraOff} title={t('snapshots:away.title')} body={t('snapshots:away.body')} />
    );
  }
  return error ? (
    <div className={classes['details']}>
      <ErrorCallout error={error} title={t('snapshots:unread')} copy={copyText} />
    </div>
  ) : (
    <Center h="100%">
      <Loader aria-label={t('snapshots:loading')} />
    </Center>
  );
}

interface SnapshotsProps {
  readonly target: MachineRef;
  readonly machine: Machine;
  readonly tree: SnapshotTree;
}

function Snapshots({ target, machine, tree }: SnapshotsProps) {
  const model = useSnapshotsModel(target, machine, tree);
  const [chosen, setChosen] = useState(NOW);
  const [taking, setTaking] = useState(false);
  const rows = treeRows(tree.snapshots);
  // What was chosen may be gone.
  const row = rows.find(({ id }) => id === chosen) ?? rows.find(({ id }) => id === NOW);
  const take = () => setTaking(true);
  return (
    <>
      {tree.snapshots.length === 0 ? (
        <None model={model} onTake={take} />
      ) : (
        <Tabs
          orientation="vertical"
          variant="pills"
          value={tabValue(row?.id ?? NOW)}
          onChange={(value) => setChosen(value === null ? NOW : decodeURIComponent(value))}
          keepMounted={false}
          className={classes['page'] ?? ''}
        >
          <SnapshotList model={model} rows={rows} onTake={take} />
          <Tabs.Panel value={tabValue(row?.id ?? NOW)} className={classes['pane'] ?? ''}>
            <ScrollArea h="100%" type="auto" viewportProps={{ tabIndex: 0 }}>
              {row?.snapshot ? (
                <SnapshotDetails key={row.id} model={model} snapshot={row.snapshot} />
              ) : (
                <NowDetails model={model} onTake={take} />
              )}
            </ScrollArea>
          </Tabs.Panel>
        </Tabs>
      )}
      {taking && <TakeDialog model={model} onClose={() => setTaking(false)} onTaken={() => setChosen(NOW)} />}
    </>
  );
}

function None({ model, onTake }: { readonly model: SnapshotsModel; readonly onTake: () => void }) {
  const { t } = useText();
  const refusals = whyNone(model.tree.options);
  if (refusals.length > 0) {
    return (
      <EmptyState
        icon={IconCameraOff}
        title={t('snapshots:impossible')}
        body={<Reasons refusals={refusals} />}
      />
    );
  }
  return (
    <Stack gap={0} h="100%">
      <JobNotice model={model} />
      <EmptyState
        icon={IconCamera}
        title={t('snapshots:none.title')}
        body={
          model.hindrance === null || model.hindrance === 'busy'
            ? t('snapshots:none.body')
            : t(`snapshots:hindrance.${model.hindrance}`)
        }
        action={model.hindrance === null ? { label: t('snapshots:take.menu'), onClick: onTake } : undefined}
      />
    </Stack>
  );
}
