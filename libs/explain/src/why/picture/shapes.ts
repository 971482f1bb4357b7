import { namespaceRules, type NamespaceClass } from '#touchpoint';
import { BOX } from './layout.ts';

/** Colours of a kind of identifier: border and text, background. */
export interface Paint {
  readonly ink: string;
  readonly fill: string;
}

const BY_NAMESPACE: Readonly<Record<string, Paint>> = {
  user_id: { ink: '#1d4ed8', fill: '#e8effe' },
  crm_id: { ink: '#3730a3', fill: '#ebeafd' },
  loyalty_id: { ink: '#0e7490', fill: '#e3f6fa' },
  email: { ink: '#15803d', fill: '#e7f6ec' },
  phone: { ink: '#0f766e', fill: '#e2f5f2' },
  anonymous_id: { ink: '#b45309', fill: '#fdf2e1' },
};

const BY_CLASS: Readonly<Record<NamespaceClass, Paint>> = {
  unique: { ink: '#4338ca', fill: '#ecebfd' },
  contact: { ink: '#3f6212', fill: '#eff6e2' },
  device: { ink: '#92400e', fill: '#fbeee0' },
};

/** Colour by namespace. */
export function paintOf(namespace: string): Paint {
  return BY_NAMESPACE[namespace] ?? BY_CLASS[namespaceRules(namespace).class];
}

/**
 * Shape by class: corners for what names a person, round ends for what reaches one, points for a device. `style` are
 * further attributes.
 */
export function shapeOf(kind: NamespaceClass, x: number, y: number, width: number, style: string): string {
  const [top, bottom] = [y - BOX / 2, y + BOX / 2];
  if (kind === 'device') {
    const tip = 12;
    const points = [
      [x, y],
      [x + tip, top],
      [x + width - tip, top],
      [x + width, y],
      [x + width - tip, bottom],
      [x + tip, bottom],
    ];
    return `<polygon points="${points.map((point) => point.join(',')).join(' ')}" ${style}/>`;
  }
  const radius = kind === 'contact' ? BOX / 2 : 5;
  return `<rect x="${x}" y="${top}" width="${width}" height="${BOX}" rx="${radius}" ${style}/>`;
}
