import type { HostLink } from '@limen/contract';
import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconDots, IconLogout, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { asLimenError, call } from '../../api/bridge.ts';
import { confirmDestructive } from '../../components/confirm.tsx';
import { LinkBadge } from '../../components/LinkBadge.tsx';
import { notifyError } from '../../components/notify.tsx';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useInventory } from '../../stores/inventory.ts';

/** Name and state of a host; rename, sign out and remove behind the dots. */
export function HostHeader({ link }: { readonly link: HostLink }) {
  const { t } = useText();
  const [renaming, setRenaming] = useState(false);
  const machines = useInventory((state) => state.hosts.get(link.id)?.machines.size);

  const attempt = (title: string, work: Promise<unknown>) => {
    work.catch((error: unknown) => notifyError(title, asLimenError(error), t));
  };
  const remove = async () => {
    const question = {
      title: t('hosts:removeTitle', { host: link.name }),
      body: t('hosts:removeBody'),
      confirm: t('hosts:remove'),
    };
    if (!(await confirmDestructive(question, t))) return;
    await call('links.remove', { linkId: link.id });
    navigate({ page: 'machines' });
  };

  return (
    <Group justify="space-between" align="flex-start" wrap="nowrap">
      <div>
        <Title order={1} size="h3">
          {link.name}
        </Title>
        <Group gap="sm" fz="sm">
          <LinkBadge state={link.state} />
          <Text size="sm" c="var(--limen-quiet)">
            {link.address}
          </Text>
          {machines !== undefined && (
            <Text size="sm" c="var(--limen-quiet)">
              {t('hosts:machines', { count: machines })}
            </Text>
          )}
          {link.user && (
            <Text size="sm" c="var(--limen-quiet)">
              {link.user.username} ({t(`hosts:role.${link.user.role}`)})
            </Text>
          )}
        </Group>
      </div>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={36} variant="default" aria-label={t('hosts:more')}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setRenaming(true)}>
            {t('hosts:rename')}
          </Menu.Item>
          {link.user && (
            <Menu.Item
              leftSection={<IconLogout size={16} aria-hidden />}
              onClick={() => attempt(t('hosts:signOut'), call('links.signOut', { linkId: link.id }))}
            >
              {t('hosts:signOut')}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item
            color="var(--limen-error)"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => attempt(t('hosts:remove'), remove())}
          >
            {t('hosts:remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {renaming && <RenameDialog link={link} onClose={() => setRenaming(false)} />}
    </Group>
  );
}

function RenameDialog({ link, onClose }: { readonly link: HostLink; readonly onClose: () => void }) {
  const { t } = useText();
  const form = useForm({
    initialValues: { name: link.name },
    validate: {
      name: (name) => (name.trim() === '' || name.trim().length > 64 ? t('hosts:renameInvalid') : null),
    },
  });
  const submit = form.onSubmit(async ({ name }) => {
    try {
      await call('links.rename', { linkId: link.id, name: name.trim() });
      onClose();
    } catch (error) {
      notifyError(t('hosts:rename'), asLimenError(error), t);
    }
  });
  return (
    <Modal opened onClose={onClose} title={t('hosts:rename')}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t('hosts:renameLabel')} data-autofocus {...form.getInputProps('name')} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit">{t('common:save')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
