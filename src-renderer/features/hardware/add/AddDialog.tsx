import { Modal } from '@mantine/core';
import { useText } from '../../../locales/i18n.ts';
import type { Addition } from '../DeviceList.tsx';
import type { AddEdit } from '../model/devices.ts';
import type { HardwareModel } from '../use-hardware-model.ts';
import { AddDiskForm } from './AddDiskForm.tsx';
import { AddDriveForm } from './AddDriveForm.tsx';
import { AddInterfaceForm } from './AddInterfaceForm.tsx';

export interface AddFormProps {
  readonly model: HardwareModel;
  readonly onAdd: (edit: AddEdit) => void;
  readonly onCancel: () => void;
}

export interface AddDialogProps {
  readonly model: HardwareModel;
  readonly what: Addition | null;
  readonly onClose: () => void;
}

/** A device to be added: it joins the other pending changes, nothing is done yet. */
export function AddDialog({ model, what, onClose }: AddDialogProps) {
  const { t } = useText();
  const props = {
    model,
    onAdd: (edit: AddEdit) => {
      model.put(edit);
      onClose();
    },
    onCancel: onClose,
  };
  return (
    <Modal opened={what !== null} onClose={onClose} title={what && t(`hardware:add.${what}.title`)}>
      {what === 'disk' && <AddDiskForm {...props} />}
      {what === 'drive' && <AddDriveForm {...props} />}
      {what === 'interface' && <AddInterfaceForm {...props} />}
    </Modal>
  );
}
