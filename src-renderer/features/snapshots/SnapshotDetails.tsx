import type { Snapshot, SnapshotRefusal } from '@limen/contract';
import { Badge, Button, Group, Menu, Stack, Text, Title, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconChevronDown,
  IconCopyPlus,
  IconPencil,
  IconTrash,
  type TablerIcon,
} from '@tabler/icons-react';
import { useState } from 'react';
import { FactList } from '../../components/FactList.tsx';
import { refusalText } from '../../components/snapshot-refusal.ts';
import { formatBytes, formatDateTime } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { CloneDialog } from './CloneDialog.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { DescribeDialog } from './DescribeDialog.tsx';
import { JobNotice } from './JobNotice.tsx';
import { descendantsOf } from './model/tree.ts';
import { Picture } from './Picture.tsx';
import { RevertDialog } from './RevertDialog.tsx';
import classes from './snapshots.module.css';
import type { SnapshotsModel } from './use-snapshots-model.ts';

type Dialog = 'revert' | 'clone' | 'delete' | 'delete-with-children' | 'describe';

export interface SnapshotDetailsProps {
  readonly model: SnapshotsModel;
  readonly snapshot: Snapshot;
}

/** One snapshot: its picture, what is known of it, and what can be done with it. */
export function SnapshotDetails({ model, snapshot }: SnapshotDetailsProps) {
  const { t } = useText();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const { name, description } = snapshot;
  return (
    <section className={classes['details']} aria-label={name}>
      <Stack gap="md">
        <Group gap="sm">
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Title>
          {snapshot.current && (
            <Badge variant="light" tt="none">
              {t('snapshots:current')}
            </Badge>
          )}
        </Group>
        <JobNotice model={model} />
        <Actions model={model} snapshot={snapshot} onChoose={setDialog} />
        {snapshot.hasPicture && <Picture target={model.target} snapshot={snapshot} large />}
        {description !== '' && (
          <Text size="sm" className={classes['description'] ?? ''}>
            {description}
          </Text>
        )}
        <Facts snapshot={snapshot} />
      </Stack>
      {dialog === 'revert' && <RevertDialog model={model} snapshot={snapshot} onClose={close} />}
      {(dialog === 'delete' || dialog === 'delete-with-children') && (
        <DeleteDialog
          model={model}
          snapshot={snapshot}
          withChildren={dialog === 'delete-with-children'}
          onClose={close}
        />
      )}
      {dialog === 'clone' && <CloneDialog model={model} snapshot={snapshot} onClose={close} />}
      {dialog === 'describe' && <DescribeDialog model={model} snapshot={snapshot} onClose={close} />}
    </section>
  );
}

function Facts({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t, language } = useText();
  const { createdAt, state, kind, memory, sizeBytes, parent } = snapshot;
  const facts = [
    { label: t('snapshots:fact.taken'), value: formatDateTime(createdAt, language) },
    { label: t('snapshots:fact.state'), value: t(`snapshots:state.${state}`) },
    { label: t('snapshots:fact.memory'), value: t(memory ? 'snapshots:memory.yes' : 'snapshots:memory.no') },
    { label: t('snapshots:fact.kind'), value: t(`snapshots:kind.${kind}`) },
    ...(sizeBytes === null
      ? []
      : [{ label: t('snapshots:fact.size'), value: formatBytes(sizeBytes, language) }]),
    ...(parent === null ? [] : [{ label: t('snapshots:fact.parent'), value: parent }]),
  ];
  return <FactList facts={facts} />;
}

interface ActionsProps extends SnapshotDetailsProps {
  readonly onChoose: (dialog: Dialog) => void;
}

function Actions({ model, snapshot, onChoose }: ActionsProps) {
  const { t } = useText();
  const { hindrance, tree } = model;
  const children = descendantsOf(snapshot, tree.snapshots);
  const why = (refusal: SnapshotRefusal | null): string | null => {
    if (hindrance !== null) return t(`snapshots:hindrance.${hindrance}`);
    return refusal && refusalText(refusal, t);
  };
  const notRevert = why(snapshot.revertRefusal);
  const notDelete = why(snapshot.deleteRefusal);
  const blocked = why(null);
  // Nobody else reads a file that QEMU writes to.
  const needsOff = snapshot.kind === 'internal' && model.machine.state !== 'off';
  const notClone = notRevert ?? (needsOff ? t('snapshots:clone.whenOff') : null);
  return (
    <Group gap="xs">
      <ActButton why={notRevert} icon={IconArrowBackUp} primary onClick={() => onChoose('revert')}>
        {t('snapshots:revert.menu')}
      </ActButton>
      <ActButton why={notClone} icon={IconCopyPlus} onClick={() => onChoose('clone')}>
        {t('snapshots:clone.menu')}
      </ActButton>
      <ActButton why={blocked} icon={IconPencil} onClick={() => onChoose('describe')}>
        {t('snapshots:describe.menu')}
      </ActButton>
      {children.length === 0 ? (
        <ActButton why={notDelete} icon={IconTrash} onClick={() => onChoose('delete')}>
          {t('snapshots:delete.menu')}
        </ActButton>
      ) : (
        <Menu disabled={blocked !== null}>
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<IconTrash size={16} aria-hidden />}
              rightSection={<IconChevronDown size={14} aria-hidden />}
              disabled={blocked !== null}
            >
              {t('snapshots:delete.menu')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item disabled={notDelete !== null} onClick={() => onChoose('delete')}>
              {t('snapshots:delete.one')}
              {notDelete !== null && (
                <Text size="xs" component="span" display="block">
                  {notDelete}
                </Text>
              )}
            </Menu.Item>
            <Menu.Item color="var(--limen-error)" onClick={() => onChoose('delete-with-children')}>
              {t('snapshots:delete.withChildren', { count: children.length })}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}

interface ActButtonProps {
  /** Why it cannot be pressed now; null: it can. */
  readonly why: string | null;
  readonly icon: TablerIcon;
  readonly primary?: boolean;
  readonly onClick: () => void;
  readonly children: string;
}

/** A button that says why it cannot be pressed, to the keyboard too: so it stays one that can be reached. */
function ActButton({ why, icon: Icon, primary = false, onClick, children }: ActButtonProps) {
  return (
    <Tooltip
      label={why}
      disabled={why === null}
      multiline
      maw={320}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Button
        variant={primary ? 'filled' : 'default'}
        leftSection={<Icon size={16} aria-hidden />}
        data-disabled={why !== null}
        aria-disabled={why !== null}
        onClick={() => {
          if (why === null) onClick();
        }}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
