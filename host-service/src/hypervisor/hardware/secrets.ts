import type { DomainXml, XmlElement } from 'node-libvirt';

/** What libvirt writes in place of a password that is not asked for. */
const HIDDEN = '*****';

/**
 * Put back what a definition was shown without: passwords of screens, and cookies of disks that come by HTTP. What was
 * written anew stays; an empty password takes it away.
 */
export function keepSecrets(edited: DomainXml, stored: DomainXml): void {
  const screens = new Map<string, XmlElement[]>();
  for (const { element, type } of stored.devices.graphics) {
    screens.set(type ?? '', [...(screens.get(type ?? '') ?? []), element]);
  }
  for (const { element, type } of edited.devices.graphics) {
    keepPassword(element, screens.get(type ?? '')?.shift() ?? null);
  }
  for (const disk of edited.devices.disks) {
    const before = stored.devices.disks.find(({ target }) => target === disk.target);
    const cookies = before?.element.find('source/cookies') ?? null;
    const source = disk.element.child('source');
    if (cookies !== null && source !== null && !source.has('cookies')) source.addCopy(cookies);
  }
}

function keepPassword(screen: XmlElement, before: XmlElement | null): void {
  const written = screen.attribute('passwd');
  if (written !== null && written !== HIDDEN) return;
  screen.setAttribute('passwd', before?.attribute('passwd') ?? null);
}
