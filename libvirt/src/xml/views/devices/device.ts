import { type Field, integer, text } from '../../fields/field.ts';
import { assignFields, type Initial, withFields } from '../../fields/field-view.ts';
import { attributes, type Fields } from '../../fields/structure.ts';
import { XmlDocument } from '../../xml-document.ts';
import type { XmlElement } from '../../xml-element.ts';
import { XmlView } from '../xml-view.ts';

const deviceFields = {
  /** The name libvirt knows the device by, or a user chose (`ua-…`). */
  alias: text('alias/@name'),
  /** Position among the devices that are booted from, from 1; null when it is not. */
  bootOrder: integer('boot/@order'),
  /** Where the guest finds it: `type` (`pci`, `drive`, `usb`, `virtio-serial`, …) and its parts as libvirt writes them. */
  address: attributes('address'),
};

/** What all devices have in common. */
export class Device extends withFields(XmlView, deviceFields) {
  /** The name of its element: `disk`, `interface`, … */
  get kind(): string {
    return this.element.name;
  }

  get type(): string | null {
    return this.element.attribute('type');
  }

  /** Take it out of the definition. */
  remove(): void {
    this.element.remove();
  }
}

/** What a device may be created with, and what it must. */
export type NewDevice<F extends Fields, Required extends keyof F = never> = Initial<
  F & Omit<typeof deviceFields, keyof F>,
  Required
>;

/**
 * A device in a document of its own: `devices.add` puts a copy into a domain, and its text is what
 * `domains.attachDevice` takes.
 */
export function newDevice<T, F extends Fields>(
  view: new (element: XmlElement) => T,
  name: string,
  fields: F,
  values: NoInfer<NewDevice<F>>,
): T {
  const { root } = XmlDocument.create({ name });
  assignFields<Fields>(root, { ...deviceFields, ...fields }, values);
  return new view(root);
}

/** The kind of a device whose attribute `type` is free to be chosen. */
export function typeField<T extends string>(): Field<T | (string & Record<never, never>) | null> {
  return text<T>('@type');
}
