import type { Snapshot } from '@limen/contract';
import { IconDatabase, IconPower } from '@tabler/icons-react';
import { useText } from '../../locales/i18n.ts';
import type { MachineRef } from '../../stores/machine-key.ts';
import classes from './snapshots.module.css';
import { usePicture } from './use-picture.ts';

export interface PictureProps {
  readonly target: MachineRef;
  readonly snapshot: Snapshot;
  readonly large?: boolean;
}

/** The screen at that moment; where none was kept, what kind of moment it was. */
export function Picture({ target, snapshot, large = false }: PictureProps) {
  const { t } = useText();
  const url = usePicture(target, snapshot);
  const className = large ? classes['picture'] : classes['thumbnail'];
  if (url !== undefined) {
    return (
      <img
        className={className}
        src={url}
        alt={large ? t('snapshots:picture', { name: snapshot.name }) : ''}
      />
    );
  }
  const Icon = snapshot.state === 'off' ? IconPower : IconDatabase;
  return (
    <span className={className} aria-hidden>
      <Icon size={large ? 36 : 18} />
    </span>
  );
}
