import { foldTurkish } from '../turkish.ts';

/**
 * Frequent names whose `I`, in capitals without any letter of Turkish, vowel harmony does not tell or tells wrong. Names
 * that would also need another letter (`ŞÜKRİYE` typed as `SUKRIYE`) get it: they are written in one way only.
 */
const NAMES = [
  ...['Ali', 'Veli', 'İbrahim', 'İsmail', 'Halil', 'Fatih', 'Hatice', 'Vahit', 'Sabri', 'Salih', 'Sadi'],
  ...['Naci', 'Nazmi', 'Halim', 'Sami', 'Cahit', 'Nahit', 'Hamit', 'Mahir', 'Tahir', 'Bahri', 'Fahri'],
  ...['Kadri', 'Kadir', 'Nadir', 'Halit', 'Sait', 'Akif', 'Arif', 'Atıf', 'Aziz', 'Latif', 'Hanife'],
  ...[
    'Zarife',
    'Sabiha',
    'Saliha',
    'Fadime',
    'Naciye',
    'Saniye',
    'Raziye',
    'Nadide',
    'Vahide',
    'Halide',
    'Naime',
  ],
  ...['Aliye', 'Adile', 'Cavit', 'Suphi', 'Hulusi', 'Lütfi', 'Şükriye', 'Huriye', 'Nuri', 'Nuriye', 'Fikri'],
  ...['Hilmi', 'Bilal', 'İhsan', 'İrfan', 'İlhan', 'İlyas', 'İmran', 'Sinan', 'Mithat', 'Nihat', 'Nihal'],
  ...['Hicran', 'Vildan', 'Nigar', 'Fırat', 'Pınar', 'Rıdvan', 'Sıtkı', 'Kazım', 'Asım', 'Ragıp', 'Nazım'],
  ...[
    'Hakkı',
    'Maria',
    'David',
    'Daniel',
    'Martin',
    'Christian',
    'Michael',
    'Christina',
    'Sophia',
    'Julia',
    'Olivia',
  ],
  ...['Patrick', 'Philip', 'Nicolas', 'Victoria', 'Bismarck'],
  ...[
    'Filiz',
    'Nihan',
    'Aylin',
    'Dilara',
    'İlayda',
    'Nil',
    'İdil',
    'Yasin',
    'Tahsin',
    'Faik',
    'Şahin',
    'Özdemir',
  ],
  ...[
    'Salim',
    'Kamil',
    'Sadık',
    'Simay',
    'Miray',
    'Gizay',
    'Hakim',
    'Kasım',
    'Nafiz',
    'Hafize',
    'Tarık',
    'Rafet',
  ],
];

/** Names by their letters without marks. */
export const SPELT: ReadonlyMap<string, string> = new Map(NAMES.map((name) => [foldTurkish(name), name]));
