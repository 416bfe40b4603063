import { type HostLinkId, type Image, isAllowed } from '@limen/contract';
import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconPencil, IconPlus, IconShare, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { asLimenError } from '../../api/bridge.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { confirmDestructive } from '../../components/confirm.tsx';
import { notifyDone, notifyError } from '../../components/notify.tsx';
import { formatBytes } from '../../lib/format.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useLink } from '../../stores/links.ts';
import { EditImageDialog } from './EditImageDialog.tsx';

export interface ImageMenuProps {
  readonly linkId: HostLinkId;
  readonly image: Image;
}

/** What can be done with an image; what is in the way is said instead of hidden. */
export function ImageMenu({ linkId, image }: ImageMenuProps) {
  const { t, language } = useText();
  const link = useLink(linkId);
  const [editing, setEditing] = useState(false);
  const { sha256 } = image;
  const live = link?.state === 'live';
  // Whoever owns an image may do with it what an owner may do with a machine.
  const owns = link?.user !== null && link?.user !== undefined && image.owner?.id === link.user.id;
  const mayChange = live && isAllowed('machine:manage', link?.user?.role, owns);
  const users = image.usedBy.map((user) => user.name);

  const remove = async () => {
    const body = image.managed
      ? t('images:delete.body', { size: formatBytes(image.actualBytes, language) })
      : t('images:delete.bodyUnmanaged', { path: image.path });
    const title = t('images:delete.title', { name: image.name });
    if (!(await confirmDestructive({ title, body, confirm: t('images:delete.confirm') }, t))) return;
    try {
      await hostClient(linkId).images.delete({ imageId: image.id });
      notifyDone(t('images:delete.done', { name: image.name }));
    } catch (error) {
      notifyError(t('images:delete.refused', { name: image.name }), asLimenError(error), t);
    }
  };
  const share = () => {
    hostClient(linkId)
      .images.update({ imageId: image.id, shared: !image.shared })
      .catch((error: unknown) =>
        notifyError(t('images:changeRefused', { name: image.name }), asLimenError(error), t),
      );
  };

  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <ActionIcon size="sm" aria-label={t('images:actionsOf', { name: image.name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPlus size={16} aria-hidden />}
            disabled={!live || image.missing}
            onClick={() => navigate({ page: 'new-machine', from: { linkId, imageId: image.id } })}
          >
            {t('images:newMachine')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconPencil size={16} aria-hidden />}
            disabled={!mayChange}
            onClick={() => setEditing(true)}
          >
            {t('images:edit.menu')}
          </Menu.Item>
          <Menu.Item leftSection={<IconShare size={16} aria-hidden />} disabled={!mayChange} onClick={share}>
            {t(image.shared ? 'images:unshare' : 'images:share')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={16} aria-hidden />}
            disabled={sha256 === null}
            onClick={() => {
              if (sha256 !== null) copyText(sha256).catch(() => {});
            }}
          >
            {t(sha256 === null ? 'images:noSha256' : 'images:copySha256')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            color="var(--limen-error)"
            disabled={!mayChange || users.length > 0}
            onClick={() => void remove()}
          >
            {t('images:delete.menu')}
          </Menu.Item>
          {users.length > 0 && (
            <Menu.Label>{t('images:delete.inUse', { names: users.join(', ') })}</Menu.Label>
          )}
        </Menu.Dropdown>
      </Menu>
      {editing && <EditImageDialog linkId={linkId} image={image} onClose={() => setEditing(false)} />}
    </>
  );
}
