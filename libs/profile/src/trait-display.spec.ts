import { expect, it } from '@jest/globals';
import { displayTraits, traitDisplay } from './trait-display.ts';

const at = '2026-11-23T10:00:00.000Z';

it.each([
  ['first_name', 'İBRAHİM', { display: 'İbrahim', matchKey: 'IBRAHIM' }],
  ['lastName', 'IŞIK', { display: 'Işık', matchKey: 'ISIK' }],
  ['name', 'dr. ayşe kaya', { display: 'Ayşe Kaya', title: 'Dr.', matchKey: 'AYSE KAYA' }],
  ['Soyadı', 'x', undefined],
  ['name', 'MİSAFİR', { display: null, remark: 'placeholder' }],
  ['name', '...', { display: null, remark: 'invalid' }],
  ['city', 'ISTANBUL', { display: 'İstanbul', matchKey: 'ISTANBUL' }],
  ['birthday', '17.05.1990', { display: '1990-05-17' }],
  ['birthday', '1970-01-01', { display: null, remark: 'default' }],
  ['birthday', '2026-11-24', { display: null, remark: 'invalid' }],
  ['plan', 'GOLD', undefined],
  ['name', 7, undefined],
])('shows the trait %s %j', (name, value, shown) => {
  expect(traitDisplay(name, value, at)).toEqual(shown);
});

it('shows the city of an address', () => {
  const traits = { address: { value: { city: 'izmir', street: 'x' }, at }, plan: { value: 'gold', at } };
  expect(displayTraits(traits)).toEqual({ 'address.city': { display: 'İzmir', matchKey: 'IZMIR' } });
});
