import { expect, it } from '@jest/globals';
import { cleanCity } from './clean-city.ts';

it.each([
  ...['ISTANBUL', 'istanbul', 'İSTANBUL', 'İstanbul', 'ıstanbul', ' Istanbul '].map((raw) => [
    raw,
    'İstanbul',
  ]),
  ['IZMIR', 'İzmir'],
  ['DIYARBAKIR', 'Diyarbakır'],
  ['IĞDIR', 'Iğdır'],
  ['igdir', 'Iğdır'],
  ['K.MARAŞ', 'Kahramanmaraş'],
  ['urfa', 'Şanlıurfa'],
  ['HAKKARI', 'Hakkâri'],
  ['Şanlı Urfa', 'Şanlıurfa'],
  ['gazi antep', 'Gaziantep'],
  ['kadıköy', 'Kadıköy'],
  ['PARIS', 'Paris'],
  ['BERLIN', 'Berlin'],
  ['New York', 'New York'],
])('shows %j as %s', (raw, display) => {
  expect(cleanCity(raw)).toMatchObject({ outcome: 'city', display });
});

it.each(['yok', 'Seçiniz', 'DİĞER', 'test'])('sees none in %s', (raw) => {
  expect(cleanCity(raw).outcome).toBe('placeholder');
});
