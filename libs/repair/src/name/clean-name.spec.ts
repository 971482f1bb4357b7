import { describe, expect, it } from '@jest/globals';
import { cleanName, nameMatchKey } from './clean-name.ts';

function displayOf(raw: string): string {
  const clean = cleanName(raw);
  return clean.outcome === 'name' ? clean.display : clean.outcome;
}

describe('cleanName', () => {
  it.each([
    ['İBRAHİM IŞIK', 'İbrahim Işık'],
    ['ibrahim ışık', 'İbrahim Işık'],
    ['I\u0307BRAHI\u0307M', 'İbrahim'],
    ['IĞDIR', 'Iğdır'],
    ['iğne', 'İğne'],
    ['ŞÜKRÜ ÇAĞLAR', 'Şükrü Çağlar'],
    ['AYŞE-NUR', 'Ayşe-Nur'],
    ['YILMAZ', 'Yılmaz'],
    ['DENIZ', 'Deniz'],
    ['ALI VELI', 'Ali Veli'],
    ['IBRAHIM', 'İbrahim'],
    ['FILIZ SAHIN', 'Filiz Şahin'],
    ['Ahmet YILMAZ', 'Ahmet Yılmaz'],
    ["O'BRIEN", "O'Brien"],
    ['WILLIAM WALLACE', 'William Wallace'],
    ['  ayşe \u00a0 nur\u200b ', 'Ayşe Nur'],
    ['McDonald', 'McDonald'],
    ['Vincent van Gogh', 'Vincent van Gogh'],
    ['李小龍', '李小龍'],
    ['Нина', 'Нина'],
  ])('shows %j as %s', (raw, display) => {
    expect(displayOf(raw)).toBe(display);
  });

  it.each([
    ['dr. AYŞE YILMAZ', 'Dr.', 'Ayşe Yılmaz'],
    ['Prof. Dr. Mehmet Öz', 'Prof. Dr.', 'Mehmet Öz'],
    ['PROF.DR.MEHMET ÖZ', 'Prof. Dr.', 'Mehmet Öz'],
    ['Sayın Ayşe Kaya', 'Sayın', 'Ayşe Kaya'],
    ['Av. Ali Kaya', 'Av.', 'Ali Kaya'],
    ['Mr John Smith', 'Mr.', 'John Smith'],
    ['Bay', '', 'Bay'],
    ['Av Kaya', '', 'Av Kaya'],
  ])('takes the titles of %s apart', (raw, title, display) => {
    expect(cleanName(raw)).toMatchObject({ title, display });
  });

  it.each([
    'TEST',
    'Deneme',
    'MİSAFİR',
    'misafir',
    'MISAFIR',
    'Müşteri',
    'MUSTERI',
    'YOK',
    'xxx',
    'XXX XXX',
    'aaaa',
  ])('sees nobody in %s', (raw) => {
    expect(displayOf(raw)).toBe('placeholder');
  });

  it.each(['', '...', '12345', 'a'.repeat(201)])('finds no name in %j', (raw) => {
    expect(displayOf(raw)).toBe('invalid');
  });

  it('gives spellings of one name one key', () => {
    const spellings = ['İbrahim Işık', 'IBRAHIM ISIK', 'ibrahim isik', ' İBRAHİM  IŞIK ', 'ibrahim ışık'];
    expect(new Set(spellings.map(nameMatchKey))).toEqual(new Set(['IBRAHIM ISIK']));
  });
});
