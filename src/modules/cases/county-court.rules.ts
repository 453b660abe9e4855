// FIPS numbers of California's counties are the odd ones in alphabetical order.
const COUNTIES = ('Alameda|Alpine|Amador|Butte|Calaveras|Colusa|Contra Costa|Del Norte|El Dorado|Fresno|Glenn|Humboldt|Imperial|Inyo|Kern|Kings|Lake|Lassen|Los Angeles|Madera|'
  + 'Marin|Mariposa|Mendocino|Merced|Modoc|Mono|Monterey|Napa|Nevada|Orange|Placer|Plumas|Riverside|Sacramento|San Benito|San Bernardino|San Diego|San Francisco|San Joaquin|'
  + 'San Luis Obispo|San Mateo|Santa Barbara|Santa Clara|Santa Cruz|Shasta|Sierra|Siskiyou|Solano|Sonoma|Stanislaus|Sutter|Tehama|Trinity|Tulare|Tuolumne|Ventura|Yolo|Yuba').split('|');

/** The name of a Californian county by its FIPS code; null for any other. */
export function countyName(fips: string): string | null {
  const number = Number(fips);
  return /^06\d{3}$/.test(fips) && number % 2 === 1 ? (COUNTIES[(number - 6001) / 2] ?? null) : null;
}

/**
 * Whether a tribunal is no more than the superior court of the county whose agency sends the packet: the letterhead says
 * as much. A branch court, another county's court or a court abroad says where somebody went to court.
 */
export function isOwnSuperiorCourt(order: { tribunal: string; jurisdiction: string }, fips: string): boolean {
  const name = countyName(fips);
  if (name === null || order.jurisdiction !== 'US-CA') return false;
  const written = order.tribunal.normalize('NFKC').toLowerCase().replace(/[^a-z ]/g, '').replace(/\s+/g, ' ').trim();
  const county = name.toLowerCase();
  return [`superior court of california county of ${county}`, `superior court of the state of california county of ${county}`, `superior court of california for the county of ${county}`,
    `superior court of the state of california for the county of ${county}`, `${county} county superior court`, `${county} superior court`].includes(written);
}
