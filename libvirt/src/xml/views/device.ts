import { readInteger } from '../quantity.ts';
import { XmlView } from './xml-view.ts';

/** What all devices have in common. */
export class Device extends XmlView {
  get type(): string | null {
    return this.element.attribute('type');
  }

  set type(value: string) {
    this.element.setAttribute('type', value);
  }

  /** Of `<x model='…'>`, or of `<x><model type='…'/></x>`, whichever the kind of device uses. */
  get model(): string | null {
    return this.element.attribute('model') ?? this.element.get('model/@type');
  }

  set model(value: string) {
    this.element.set(this.element.has('model') ? 'model/@type' : '@model', value);
  }

  /** The name libvirt knows the device by, or a user chose (`ua-…`). */
  get alias(): string | null {
    return this.element.get('alias/@name');
  }

  set alias(name: string | null) {
    this.element.set(name === null ? 'alias' : 'alias/@name', name);
  }

  /** Position among the devices that are booted from, from 1; null when it is not. */
  get bootOrder(): number | null {
    return readInteger(this.element.get('boot/@order'));
  }

  set bootOrder(order: number | null) {
    this.element.set(order === null ? 'boot' : 'boot/@order', order);
  }

  remove(): void {
    this.element.remove();
  }
}
